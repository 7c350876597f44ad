using Build.Tests.Requests;
using Cli;
using Cli.Manual;
using Xunit;

namespace Build.Tests.Completion;

/// <summary>Instances, services and apps, from the files in a workspace.</summary>
public sealed class InstanceValuesTests : IDisposable
{
    private readonly Folder _folder = new();

    public InstanceValuesTests()
    {
        _folder.Write("shop/docker/docker-compose.infra.yml", "services: {}\n");
        _folder.Write("shop/.instances/instance-10/instance.json", """{ "services": ["redis", "postgres"], "files": { "api.env": "", "docker-compose.override.yml": "" } }""");
        _folder.Write("shop/.instances/instance-0/instance.json", """{ "services": ["loki"], "files": { "worker.env": "" } }""");
        _folder.Write("shop/.instances/instance-x/instance.json", "");
        _folder.Write("shop/.instances/.cache/x", "");
        _folder.Write("broken/.instances/instance-1/instance.json", "{");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Down", "0 10 all auto")]
    [InlineData("Up", "0 10 1 all auto")]
    public void Instances_are_those_that_exist_and_for_a_beginner_the_next(string target, string expected) =>
        Assert.Equal(expected, Find($"{target} --workspace shop", OptionName.Instance));

    [Theory]
    [InlineData("", "api loki postgres redis worker")]
    [InlineData("--instance 10", "api postgres redis")]
    [InlineData("--instance 0,10", "api loki postgres redis worker")]
    [InlineData("--instance all", "api loki postgres redis worker")]
    [InlineData("--instance 3", "")]
    [InlineData("--instance nonsense", "")]
    public void Services_and_apps_are_those_of_the_instances_that_are_meant(string words, string expected) =>
        Assert.Equal(expected, Find($"Logs --workspace shop {words}", OptionName.Only));

    [Theory]
    [InlineData("nowhere")]
    [InlineData("broken")]
    public void What_can_not_be_read_gives_nothing(string workspace) =>
        Assert.Equal("", Find($"Logs --workspace {workspace}", OptionName.Only));

    [Fact]
    public void A_tilde_is_the_home() => Assert.Equal("0 10 all auto", Find("Down --workspace ~/shop", OptionName.Instance));

    private string Find(string words, string option)
    {
        var book = Book.Open();
        var values = new InstanceValues(new RequestContext
        {
            CurrentDirectory = _folder.Path,
            RepositoryRoot = _folder.Path,
            Variable = name => name == "HOME" ? _folder.Path : null,
            Now = DateTimeOffset.UnixEpoch,
            Launcher = "./build.sh",
        });
        var line = new CompletionLine(book, words.Split(' ', StringSplitOptions.RemoveEmptyEntries), "");
        return string.Join(' ', values.Find(book.FindOption(option)!, line).Select(candidate => candidate.Value));
    }
}
