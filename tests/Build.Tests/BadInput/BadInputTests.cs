using BlackBox;
using Xunit;

namespace Build.Tests.BadInput;

/// <summary>
/// Words that can't be meant: exit code 2, one line that names the word and the remedy, and nothing is written or
/// started. The workspace is a real one, and <c>Clean</c> is the verb that would hurt most with a default.
/// </summary>
public sealed class BadInputTests : IDisposable
{
    private readonly string _workspace = Directory.CreateTempSubdirectory("ik-").FullName;

    public BadInputTests()
    {
        Directory.CreateDirectory(Path.Combine(_workspace, "docker"));
        File.WriteAllText(Path.Combine(_workspace, "docker", "docker-compose.infra.yml"), "services: {}\n");
    }

    /// <summary>What is called, and the words that the one line has to hold: the input, then the remedy.</summary>
    public static TheoryData<string[], string[]> Table => new()
    {
        { ["Clean", "--instance", "-1"], ["'-1'", "--instance", "--help"] },
        { ["Clean", "--instance", "1.5"], ["--instance '1.5'", "Use a number"] },
        { ["Clean", "--instance", "abc"], ["--instance 'abc'", "Use a number"] },
        { ["Clean", "--instance", ""], ["--instance", "''", "--help"] },
        { ["Clean", "--instance", "99999"], ["99999", "Choose a number from 0 to 5"] },
        { ["Clean", "--instance", "99999999999999999999"], ["--instance '99999999999999999999'", "Use a number"] },
        { ["Clean", "--instance", "1-"], ["--instance '1-'", "Use a number"] },
        { ["Clean", "--instance", "3-1"], ["--instance '3-1'", "descending", "Use a number"] },
        { ["Clean", "--instance", "0-100000"], ["--instance '0-100000'", "Use a number"] },
        { ["Clean", "--instance", "1,,2"], ["--instance '1,,2'", "Use a number"] },
        { ["Clean", "--instance", "../x"], ["--instance '../x'", "Use a number"] },
        { ["Clean", "--instance", "١"], ["--instance '١'", "Use a number"] },
        { ["Clean", "--instance", "all"], ["--yes"] },
        { ["Clean", "--instance=5"], ["--instance=5", "--instance 5"] },
        { ["Clean", "--instance"], ["--instance", "VALUE"] },
        { ["Clean", "--instance", "1", "2"], ["--instance", "1 2"] },
        { ["Clean", "--instanse", "1"], ["--instanse", "--instance"] },
        { ["Clean", "--nonsense-here"], ["--nonsense-here", "--help"] },
        { ["Claen", "--instance", "1"], ["Claen", "Clean"] },
        { ["Nonsense"], ["Nonsense", "InitInstance"] },
        { ["Clean", "--instance", "1", "Down"], ["Down", "--instance"] },
        { ["Clean", "--yes", "perhaps"], ["--yes", "perhaps"] },
        { ["Up", "--timeout", "soon"], ["--timeout 'soon'", "120"] },
        { ["Up", "--timeout", "0"], ["--timeout '0'", "from 1s"] },
        { ["Up", "--stack-name", "../x"], ["../x", "lower-case letters"] },
        { ["Logs", "--tail", "few"], ["--tail 'few'", "Use a number"] },
        { ["Logs", "--since", "yesterday-ish"], ["--since", "yesterday-ish"] },
        { ["Logs", "--until", "soon"], ["--until", "soon"] },
        { ["Logs", "--grep", "[a"], ["--grep '[a'", "not a valid regular expression"] },
        { ["Exec", "--instance", "1", "--only", "x"], ["'--'", "there is none", "-- psql"] },
        { ["Exec", "--only", "x", "--"], ["'--'", "there is none", "-- psql"] },
        { ["Exec", "--", "ls"], ["--only must name exactly one", "--only postgres -- psql"] },
        { ["Exec", "--only", "a,b", "--", "ls"], ["--only must name exactly one", "--only postgres -- psql"] },
        { ["Exec", "--instance", "1,2", "--only", "backend", "--", "ls"], ["one instance", "--only postgres -- psql"] },
        { ["Exec", "--only", "bakcend", "--", "ls"], ["'bakcend'", "Did you mean backend?"] },
        { ["Down", "--", "ls"], ["'--'", "Down runs no command", "Exec ... -- ls"] },
        { ["Restart", "--only", "x"], ["'x'", "Valid names are backend, frontend, worker"] },
        { ["Wait", "--only", "fronted"], ["'fronted'", "Did you mean frontend?"] },
        { ["Wait", "--timeout", "0"], ["--timeout '0'", "from 1s"] },
        { ["Env", "--shell", "tcsh"], ["--shell 'tcsh'", "bash"] },
        { ["Env", "--only", "backend,worker"], ["--only names several", "Name one"] },
        { ["Open", "--only", "x"], ["'x'", "Valid names are backend, frontend, worker"] },
        { ["UseInstance", "--instance", "1,2"], ["exactly one", "--instance 1"] },
        { ["UseInstance"], ["exactly one", "--instance 1"] },
        { ["UseInstance", "--instance", "auto"], ["'auto'", "--instance 1", "Up --instance auto"] },
        { ["Down", "--instance", "auto"], ["No instance is assigned", "Up --instance auto"] },
        { ["Up", "--follow"], ["--follow is not an option of Up; it is an option of Logs.", "Up --help"] },
        { ["Up", "-n", "3"], ["--tail is not an option of Up; it is an option of Logs.", "Up --help"] },
        { ["Status", "--grep", "x"], ["--grep is not an option of Status", "Logs", "Status --help"] },
        { ["--force"], ["--force is not an option of the default target Status", "Up, InitInstance, InitStack", "Status --help"] },
        { ["Down", "--only", "backend"], ["--only is not an option of Down", "Restart", "Down --help"] },
        { ["Clean", "--instance", "1", "--force"], ["--force is not an option of Clean", "Up, InitInstance, InitStack"] },
        { ["InitInstance", "Up", "--timeout", "5m", "--orphans"], ["--orphans is not an option of InitInstance, Up; it is an option of Clean."] },
        { ["LocalImages", "--dry-run"], ["--dry-run is not an option of LocalImages", "InitStack"] },
        { ["UseInstance", "--instance", "1", "--configuration", "Debug"], ["--configuration is not an option of UseInstance", "Test, Compile"] },
    };

    /// <summary>Those of targets that have <c>--json</c>.</summary>
    public static TheoryData<string[], string[]> TableOfData => new(Table.Select(row => row.Data).Where(row => row.Item1[0] != "Exec"));

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_call_that_cannot_be_meant_is_refused_in_one_line(string[] words, string[] said)
    {
        var result = await RunAsync(With(words, "--workspace", _workspace), new());

        AssertRefused(result, said);
        Assert.Equal("", result.Output);
    }

    [Theory]
    [MemberData(nameof(TableOfData))]
    public async Task With_json_the_same_is_said_as_a_document(string[] words, string[] said)
    {
        var result = await RunAsync(With(words, "--workspace", _workspace, "--json"), new());

        AssertRefused(result, said);
        var error = result.Json["error"]!;
        Assert.Equal((2, "usage"), ((int)error["exitCode"]!, (string)error["kind"]!));
        Assert.All(said, s => Assert.Contains(s, $"{error["message"]} {error["remedy"]}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_target_cannot_say_as_JSON_it_is_not_asked_for()
    {
        var result = await RunAsync(["Exec", "--only", "backend", "--workspace", _workspace, "--json", "--", "ls"], new());

        AssertRefused(result, ["--json is not an option of Exec", "Up, Down, Clean"]);
        Assert.Equal("usage", (string?)result.Json["error"]!["kind"]);
    }

    [Fact]
    public async Task Several_targets_accept_what_one_of_them_uses_and_variables_are_for_all()
    {
        (await RunAsync(["InitInstance", "Up", "Logs", "--timeout", "5m", "--tail", "3", "--plan"], new())).Expect(0);
        (await RunAsync(["InitStack", "--workspace", _workspace, "--dry-run"], new() { ["NUKE_FOLLOW"] = "true", ["NUKE_GREP"] = "x" })).Expect(0);
    }

    [Theory]
    [InlineData("/no/such/folder", "does not exist")]
    [InlineData("", "--help")]
    [InlineData("docker", "has no compose file: there is no docker/docker-compose.infra.yml or")]
    [InlineData("docker/docker-compose.infra.yml", "is a file")]
    [InlineData("docker", "./build.sh Up --instance 1 --workspace PATH")]
    [InlineData("several", "'compose: {files: [deploy/compose.yml]}', then: ./build.sh Up --instance 1 --workspace ")]
    [InlineData("sealed", "docker-compose.infra.yml")]
    public async Task A_workspace_that_is_none_is_refused_in_one_line(string workspace, string said)
    {
        var path = workspace.StartsWith('/') || workspace.Length == 0 ? workspace : Path.Combine(_workspace, workspace);
        if (workspace == "sealed")
            Seal(path);
        foreach (var folder in workspace == "several" ? ["deploy", "infra"] : Array.Empty<string>())
        {
            Directory.CreateDirectory(Path.Combine(path, folder));
            File.WriteAllText(Path.Combine(path, folder, "compose.yml"), "services: {}\n");
        }

        AssertRefused(await RunAsync(["Clean", "--workspace", path], new()), [said]);
    }

    [Theory]
    [InlineData("NUKE_INSTANCE", "abc", "NUKE_INSTANCE|--instance")]
    [InlineData("SHIPSEC_INSTANCE", "abc", "SHIPSEC_INSTANCE 'abc'")]
    public async Task A_variable_that_cannot_be_meant_is_refused_in_one_line(string name, string value, string said)
    {
        var result = await RunAsync(["Clean", "--workspace", _workspace], new() { [name] = value });

        AssertRefused(result, []);
        Assert.Contains(said.Split('|'), s => result.Errors.Contains(s, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_remembered_instance_that_cannot_be_meant_is_refused_in_one_line()
    {
        await File.WriteAllTextAsync(Path.Combine(_workspace, ".shipsec-instance"), "abc\n", TestContext.Current.CancellationToken);

        var result = await RunAsync(["Clean", "--workspace", _workspace], new());

        result.Expect(2).ExpectError(".shipsec-instance 'abc'", "Use a number");
    }

    public void Dispose()
    {
        var seal = Path.Combine(_workspace, "sealed");
        if (Directory.Exists(seal) && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(seal, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.Delete(_workspace, recursive: true);
    }

    /// <summary>The words with more options; a command begins at the dashes.</summary>
    private static string[] With(string[] words, params string[] options) =>
        [.. words.TakeWhile(word => word != "--"), .. options, .. words.SkipWhile(word => word != "--")];

    private static void Seal(string folder)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.None);
    }

    // Neither docker nor PM2 can be reached: nothing of this may need them.
    private Task<BuildResult> RunAsync(string[] words, Dictionary<string, string?> variables) =>
        new BuildProgram(_workspace).RunAsync(words, new Dictionary<string, string?>(variables)
        {
            ["DOCKER_HOST"] = "unix:///nowhere/docker.sock",
            ["PM2_HOME"] = Path.Combine(_workspace, "pm2"),
        });

    private void AssertRefused(BuildResult result, string[] said)
    {
        result.Expect(2).ExpectError(said);
        Assert.True(
            result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length == 1, $"More than one line.\n{result}");
        Assert.False(Directory.Exists(Path.Combine(_workspace, ".instances")));
        Assert.False(Directory.Exists(Path.Combine(_workspace, "pm2")));
    }
}
