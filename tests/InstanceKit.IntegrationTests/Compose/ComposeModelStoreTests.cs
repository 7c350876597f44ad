using CsCheck;
using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Compose;

/// <summary>An answer of Compose is given again exactly as long as nothing has changed that it was made from.</summary>
public sealed class ComposeModelStoreTests : IDisposable
{
    private const string Model = "{\"name\":\"x\"}\n";
    private readonly string _root = Directory.CreateTempSubdirectory("ik-cache-").FullName;
    private readonly Dictionary<string, string?> _changes = [];
    private readonly ComposeModelStore _cache;
    private string[] _arguments = ["compose", "config"];
    private string? _folder;

    public ComposeModelStoreTests()
    {
        Directory.CreateDirectory(Path.Combine(_root, InstancePaths.RootName));
        _cache = new ComposeModelStore(_root);
        _changes["PATH"] = Path.Combine(_root, "bin");
        _changes["DOCKER_CONFIG"] = Path.Combine(_root, "config");
        _changes["IMAGE"] = "postgres";
        Write("bin/docker", "program");
        Write("config/cli-plugins/docker-compose", "plugin");
        Write("compose.yml", "include: [more.yml]\nservices: {a: {image: '${IMAGE}', env_file: [{path: a.env, required: false}]}}\n");
        Write("more.yml", "services: {b: {env_file: b.env}}\n");
        Write("b.env", "B=1\n");
        Write(".env", "C=1\n");
    }

    [Fact]
    public void An_answer_is_given_again_while_nothing_changes()
    {
        Keep();

        Assert.Equal(Model, Find());
        Assert.Equal(Model, new ComposeModelStore(_root).Find(Question(), "p")?.Model);
        Assert.Null(_cache.Find(Question(), "another"));
    }

    public static TheoryData<string> Changes =>
    [
        "compose.yml", "more.yml", "b.env", ".env", "a.env appears", "b.env goes", "variable", "variable goes", "argument",
        "plugin", "program", "setting", "working folder",
    ];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_of_anything_that_counts_is_noticed(string change)
    {
        Keep();

        Make(change);

        Assert.Null(Find());
        Keep();
        Assert.Equal(Model, Find());
    }

    [Fact]
    public void A_variable_that_no_file_mentions_does_not_count()
    {
        Keep();

        Environment.SetEnvironmentVariable("INSTANCEKIT_TEST_OF_CACHE", "1");

        Assert.Equal(Model, Find());
        Write(".env", "C=${INSTANCEKIT_TEST_OF_CACHE}\n");
        Keep();
        Environment.SetEnvironmentVariable("INSTANCEKIT_TEST_OF_CACHE", null);
        Assert.Null(Find());
    }

    [Fact]
    public void Any_change_of_any_text_changes_the_key()
    {
        string[] files = ["compose.yml", "more.yml", "b.env", ".env"];
        var before = ComposeSnapshot.Take(Question())!.Key;
        Gen.Select(Gen.Int[0, files.Length - 1].Select(i => files[i]), Gen.Int[0, 200], Gen.Char[' ', '~']).Sample(
            (name, position, character) =>
            {
                var text = File.ReadAllText(Path.Combine(_root, name));
                var at = position % (text.Length + 1);
                Write(name, text[..at] + character + text[at..]);
                var after = ComposeSnapshot.Take(Question())!.Key;
                Write(name, text);
                return after != before && ComposeSnapshot.Take(Question())!.Key == before;
            },
            iter: 200, threads: 1);
    }

    [Fact]
    public void A_damaged_entry_is_none()
    {
        Keep();
        var entry = Directory.GetFiles(Path.Combine(_root, ".instances", ".cache"), "*-p").Single();
        var text = File.ReadAllText(entry);

        foreach (var damaged in new[] { "", "\n\n\n", text[..^2], text.Replace("\"x\"", "\"y\"", StringComparison.Ordinal), text[70..], "{}" })
        {
            File.WriteAllText(entry, damaged);
            Assert.Null(Find());
        }
    }

    [Fact]
    public void Nothing_is_kept_when_the_files_cannot_be_known()
    {
        Write("compose.yml", "services: {a: {env_file: '${IMAGE}.env'}}\n");
        Keep();

        Assert.Null(Find());
        Assert.False(Directory.Exists(Path.Combine(_root, ".instances", ".cache")));
    }

    [Fact]
    public void Nothing_is_kept_when_the_program_cannot_be_told()
    {
        File.Delete(Path.Combine(_root, "bin", "docker"));
        Keep();

        Assert.Null(Find());
    }

    [Fact]
    public void A_folder_that_the_configuration_adds_is_looked_into()
    {
        Write("config/config.json", $"{{\"cliPluginsExtraDirs\": [\"{_root}/extra\"]}}");
        Keep();

        Write("extra/docker-compose", "newer");

        Assert.Null(Find());
    }

    [Fact]
    public void Old_entries_go()
    {
        for (var i = 0; i < 410; i++)
            Keep($"p{i}");

        Assert.InRange(Directory.GetFiles(Path.Combine(_root, ".instances", ".cache")).Length, 350, 400);
        Assert.NotNull(_cache.Find(Question(), "p409"));
    }

    [Fact]
    public void Only_the_owner_reads_what_is_kept()
    {
        if (OperatingSystem.IsWindows())
            return;
        Keep();

        var folder = Path.Combine(_root, ".instances", ".cache");
        Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(folder), 8));
        foreach (var file in Directory.GetFiles(folder))
            Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(file), 8));
    }

    [Fact]
    public void A_version_is_known_of_the_program_that_it_was_asked_of()
    {
        Assert.False(_cache.IsVersionKnown("one"));
        _cache.KeepVersion("one");

        Assert.True(_cache.IsVersionKnown("one"));
        Assert.False(_cache.IsVersionKnown("two"));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Make(string change)
    {
        switch (change)
        {
            case "a.env appears": Write("a.env", ""); break;
            case "b.env goes": File.Delete(Path.Combine(_root, "b.env")); break;
            case "variable": _changes["IMAGE"] = "mysql"; break;
            case "variable goes": _changes["IMAGE"] = null; break;
            case "setting": _changes["SHIPSEC_INSTANCE"] = "2"; break;
            case "argument": _arguments = ["compose", "--profile", "all", "config"]; break;
            case "plugin": Write("config/cli-plugins/docker-compose", "another plugin"); break;
            case "program": Write("bin/docker", "another program"); break;
            case "working folder": _folder = "/"; break;
            default: File.AppendAllText(Path.Combine(_root, change), "# changed\n"); break;
        }
    }

    private void Keep(string name = "p") => _cache.Keep(name, new ComposeAnswer(Model, ComposeSnapshot.Take(Question())));

    private string? Find() => _cache.Find(Question(), "p")?.Model;

    private ComposeQuestion Question() => new(
        new ProcessSpec { Program = "docker", Arguments = _arguments, Environment = _changes, WorkingDirectory = _folder ?? _root },
        [Path.Combine(_root, "compose.yml")], [Path.Combine(_root, ".env")], _root);

    private void Write(string name, string text)
    {
        var path = Path.Combine(_root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
