using InstanceKit;
using Cli;
using Xunit;

namespace Build.Tests.Requests;

public sealed class WorkspaceLocatorTests : IDisposable
{
    private readonly Folder _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void The_sample_is_used_where_the_repository_is_no_workspace()
    {
        _repository.Write("samples/studio/README.md", "");

        Assert.Equal(Path.Combine(_repository.Path, "samples", "studio"), Locate(null));
    }

    [Fact]
    public void A_relative_path_starts_from_the_current_folder()
    {
        _repository.Write("here/there/x", "");

        Assert.Equal(Path.Combine(_repository.Path, "here", "there"), Locate("there/", currentDirectory: "here"));
        Assert.Equal(_repository.Path, Locate("..", currentDirectory: "here"));
    }

    [Fact]
    public void Neither_workspace_nor_sample_names_both()
    {
        var error = Assert.Throws<InstanceKitException>(() => Locate(null));

        Assert.Contains("docker/docker-compose.infra.yml", error.Message, StringComparison.Ordinal);
        Assert.Contains("samples/studio", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Commands_to_go_on_with_repeat_the_workspace_and_the_stack()
    {
        var next = new RequestWords { Workspace = "my ws", StackName = "demo" }.ToNext("./build.sh");

        Assert.Equal("./build.sh Up --instance 2 --workspace 'my ws' --stack-name demo", next.For("Up", 2));
        Assert.Equal("./build.sh Up --instance 2", new RequestWords().ToNext("./build.sh").For("Up", 2));
    }

    private string Locate(string? word, string currentDirectory = "") => WorkspaceLocator.Locate(word, new RequestContext
    {
        CurrentDirectory = Path.Combine(_repository.Path, currentDirectory),
        RepositoryRoot = _repository.Path,
        Variable = _ => null,
        Now = default,
        Launcher = "./build.sh",
    });
}
