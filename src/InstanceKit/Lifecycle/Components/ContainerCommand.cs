using InstanceKit.Drivers;
using InstanceKit.Processes;

namespace InstanceKit.Lifecycle;

/// <summary>A command in a container, by Docker's own program: it hands standard input, a terminal and its size through.</summary>
internal static class ContainerCommand
{
    /// <summary>The process to run.</summary>
    /// <param name="engine">The engine that has the container.</param>
    /// <param name="container">The container's id.</param>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="isTerminal">Whether the container gets a terminal.</param>
    public static ProcessSpec Create(EngineEndpoint engine, string container, IReadOnlyList<string> command, bool isTerminal) => new()
    {
        Program = "docker",
        Arguments = ["exec", "--interactive", .. isTerminal ? ["--tty"] : Array.Empty<string>(), container, .. command],
        Environment = engine.Variables,
        InstallHint = $"Exec runs Docker's own program in containers. {InstallHints.For(Installable.Engine, CurrentSystem.Value)}",
    };
}
