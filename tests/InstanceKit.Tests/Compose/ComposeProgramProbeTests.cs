using InstanceKit.Compose;
using Xunit;

namespace InstanceKit.Tests.Compose;

/// <summary>When Compose's own program is run in place of <c>docker compose</c>.</summary>
public sealed class ComposeProgramProbeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ik-plugin-").FullName;

    public ComposeProgramProbeTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Its programs have another ending.");
        Assert.SkipWhen(
            new[] { "/usr/local/lib", "/usr/local/libexec", "/usr/lib", "/usr/libexec" }.Any(f => File.Exists($"{f}/docker/cli-plugins/docker-compose")),
            "The system has a plugin of its own.");
    }

    private string Plugin => Path.Combine(_folder, "config", "cli-plugins", "docker-compose");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_only_plugin_of_a_docker_is_it()
    {
        Write("bin/docker", "\u007fELF");
        Write("config/cli-plugins/docker-compose", "\u007fELF");

        Assert.Equal(Plugin, Find());
    }

    [Fact]
    public void A_link_to_either_is_it_as_well()
    {
        Write("opt/docker", "\u007fELF");
        Write("opt/docker-compose", "\u007fELF");
        Link("bin/docker", "opt/docker");
        Link("config/cli-plugins/docker-compose", "opt/docker-compose");

        Assert.Equal(Plugin, Find());
    }

    [Theory]
    [InlineData("no docker", false)]
    [InlineData("a script in docker's place", false)]
    [InlineData("docker is another program", false)]
    [InlineData("no plugin", false)]
    [InlineData("a script in the plugin's place", false)]
    [InlineData("the plugin can't be run", false)]
    [InlineData("two plugins", false)]
    [InlineData("nothing of these", true)]
    public void Where_it_is_not_certain_docker_decides(string which, bool isFound)
    {
        if (which == "docker is another program")
        {
            Write("opt/podman", "\u007fELF");
            Link("bin/docker", "opt/podman");
        }
        else if (which != "no docker")
        {
            Write("bin/docker", which == "a script in docker's place" ? "#!/bin/sh\n" : "\u007fELF");
        }

        if (which != "no plugin")
            Write("config/cli-plugins/docker-compose", which == "a script in the plugin's place" ? "#!/bin/sh\n" : "\u007fELF", isExecutable: which != "the plugin can't be run");
        if (which == "two plugins")
        {
            Write("more/docker-compose", "\u007fELF");
            Write("config/config.json", $$"""{"cliPluginsExtraDirs": ["{{_folder}}/more"]}""");
        }

        Assert.Equal(isFound, Find() is not null);
    }

    private string? Find() => ComposeProgramProbe.FindPlugin(new Dictionary<string, string>
    {
        ["PATH"] = $"{_folder}/none:{_folder}/bin", ["DOCKER_CONFIG"] = Path.Combine(_folder, "config"),
    });

    private void Write(string name, string text, bool isExecutable = true)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, isExecutable ? UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute : UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private void Link(string name, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
        File.CreateSymbolicLink(Path.Combine(_folder, name), Path.Combine(_folder, target));
    }
}
