using InstanceKit;
using InstanceKit.Instances;
using Cli;
using Xunit;

namespace Build.Tests.Requests;

public sealed class InstanceRequestTests : IDisposable
{
    private readonly Folder _repository = new();

    public InstanceRequestTests() => _repository.Write("docker/docker-compose.infra.yml", "services: {}");

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void Nothing_means_instance_0_of_the_repository_for_two_minutes()
    {
        var request = Parse(new RequestWords());

        Assert.Equal([0], request.Instances.Selector.Numbers);
        Assert.Equal(_repository.Path, request.Workspace);
        Assert.Null(request.StackName);
        Assert.Equal(TimeSpan.FromSeconds(120), request.Timeout);
        Assert.Equal(100, request.Logs.Tail);
        Assert.Null(request.Logs.Since);
        Assert.Equal(Path.Combine(_repository.Path, ".nuke", "temp", "tools"), request.ToolsDirectory);
    }

    [Fact]
    public void The_command_line_comes_before_the_environment_and_that_before_the_file()
    {
        _repository.Write(InstancePaths.ActiveInstanceName, "3\n");

        Assert.Equal([3], Parse(new RequestWords()).Instances.Selector.Numbers);
        Assert.Equal([3], Parse(new RequestWords(), ambient: "").Instances.Selector.Numbers);
        Assert.Equal([2], Parse(new RequestWords(), ambient: "2").Instances.Selector.Numbers);
        Assert.Equal([1, 5], Parse(new RequestWords { Instance = "1,5" }, ambient: "2").Instances.Selector.Numbers);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("1-")]
    [InlineData("3-1")]
    [InlineData("../x")]
    [InlineData("0-500")]
    public void A_bad_selector_is_named_with_where_it_stood(string text)
    {
        AssertUsage($"--instance '{text}'", new RequestWords { Instance = text });
        if (text.Length > 0)
            AssertUsage($"SHIPSEC_INSTANCE '{text}'", new RequestWords(), ambient: text);
        _repository.Write(InstancePaths.ActiveInstanceName, text);
        AssertUsage($".shipsec-instance '{text}'", new RequestWords());
    }

    [Theory]
    [InlineData("--timeout", "soon")]
    [InlineData("--timeout", "0")]
    [InlineData("--timeout", "-5")]
    [InlineData("--timeout", "")]
    [InlineData("--timeout", "25h")]
    [InlineData("--timeout", "99999999999999999999")]
    [InlineData("--timeout", "99999999999999999999h")]
    [InlineData("--tail", "-1")]
    [InlineData("--tail", "1.5")]
    [InlineData("--tail", "many")]
    [InlineData("--since", "yesterday")]
    [InlineData("--only", ",")]
    [InlineData("--workspace", "nowhere")]
    [InlineData("--workspace", "")]
    [InlineData("--workspace", "docker/docker-compose.infra.yml")]
    public void A_bad_word_is_named_with_its_option_and_a_remedy(string option, string word) => AssertUsage(
        $"{option} '{word}'",
        option switch
        {
            "--timeout" => new RequestWords { Timeout = word },
            "--tail" => new RequestWords { Tail = word },
            "--since" => new RequestWords { Since = word },
            "--only" => new RequestWords { Only = [word] },
            _ => new RequestWords { Workspace = word },
        });

    [Fact]
    public void A_bad_name_of_a_stack_is_named() =>
        AssertUsage("'Big Stack'", new RequestWords { StackName = "Big Stack" });

    [Theory]
    [InlineData("120", 120)]
    [InlineData("90s", 90)]
    [InlineData("2m", 120)]
    [InlineData("1m30s", 90)]
    [InlineData("1.5", 1.5)]
    [InlineData("24h", 86_400)]
    public void A_timeout_is_seconds_or_a_duration(string word, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Parse(new RequestWords { Timeout = word }).Timeout);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("25", 25)]
    [InlineData("all", null)]
    [InlineData("ALL", null)]
    public void A_tail_is_a_number_or_all(string word, int? lines) =>
        Assert.Equal(lines, Parse(new RequestWords { Tail = word }).Logs.Tail);

    [Fact]
    public void Since_and_grep_show_all_lines_unless_a_tail_is_given_too()
    {
        Assert.Null(Parse(new RequestWords { Grep = "x" }).Logs.Tail);
        Assert.Equal((Now.AddMinutes(-10), null), Parse(new RequestWords { Since = "10m" }).Logs is var a ? (a.Since, a.Tail) : default);
        Assert.Equal(5, Parse(new RequestWords { Since = "10m", Tail = "5" }).Logs.Tail);
    }

    [Fact]
    public void Names_of_services_may_be_joined_or_apart() =>
        Assert.Equal(["backend", "postgres"], Parse(new RequestWords { Only = ["backend, postgres", "backend"] }).Logs.Only);

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        OnlyWords.Require(["backend"], ["backend", "redis"]);

        var error = Assert.Throws<InstanceKitException>(() => OnlyWords.Require(["foo", "redis"], ["redis", "backend"]));

        Assert.Contains("'foo'", error.Message, StringComparison.Ordinal);
        Assert.Contains("backend, redis", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("all", false, false, true)]
    [InlineData("all", true, false, false)]
    [InlineData("all", false, true, false)]
    [InlineData("0-9", false, false, false)]
    public void Only_all_instances_need_agreement(string instances, bool yes, bool dryRun, bool isRefused)
    {
        var request = Parse(new RequestWords { Instance = instances, Yes = yes, DryRun = dryRun });

        Assert.Equal(isRefused, Record.Exception(request.RequireAgreement) is InstanceKitException { ExitCode: ExitCode.Usage });
    }

    [Fact]
    public void The_instance_to_remember_must_be_named_on_the_command_line()
    {
        Assert.Equal(4, Parse(new RequestWords { Instance = "4" }).RequireNamedInstance());
        Assert.Throws<InstanceKitException>(() => Parse(new RequestWords(), ambient: "4").RequireNamedInstance());
        Assert.Throws<InstanceKitException>(() => Parse(new RequestWords { Instance = "4,5" }).RequireNamedInstance());
        Assert.Throws<InstanceKitException>(() => Parse(new RequestWords { Instance = "all" }).RequireNamedInstance());
    }

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 22, 15, 0, TimeSpan.Zero);

    private InstanceRequest Parse(RequestWords words, string? ambient = null) => InstanceRequest.Parse(words, new RequestContext
    {
        CurrentDirectory = _repository.Path,
        RepositoryRoot = _repository.Path,
        Variable = name => name == "SHIPSEC_INSTANCE" ? ambient : null,
        Now = Now,
        Launcher = "./build.sh",
    });

    private void AssertUsage(string name, RequestWords words, string? ambient = null)
    {
        var before = _repository.List();
        var error = Assert.Throws<InstanceKitException>(() => Parse(words, ambient));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.NotNull(error.Remedy);
        Assert.Equal(before, _repository.List());
    }
}
