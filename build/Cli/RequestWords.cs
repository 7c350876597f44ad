using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Platform;

namespace Cli;

/// <summary>The parameters of a command as they were written, before anybody has judged them.</summary>
internal sealed record RequestWords
{
    /// <summary><c>--instance</c>.</summary>
    public string? Instance { get; init; }

    /// <summary><c>--workspace</c>.</summary>
    public string? Workspace { get; init; }

    /// <summary><c>--stack-name</c>.</summary>
    public string? StackName { get; init; }

    /// <summary><c>--infra</c>.</summary>
    public string? Infra { get; init; }

    /// <summary><c>--timeout</c>.</summary>
    public string? Timeout { get; init; }

    /// <summary>The words after <c>--</c>; <see langword="null"/> if there is no <c>--</c>.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary><c>--tail</c>.</summary>
    public string? Tail { get; init; }

    /// <summary><c>--since</c>.</summary>
    public string? Since { get; init; }

    /// <summary><c>--until</c>.</summary>
    public string? Until { get; init; }

    /// <summary><c>--grep</c>.</summary>
    public string? Grep { get; init; }

    /// <summary><c>--only</c>; names may also be joined by commas.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary><c>--follow</c>.</summary>
    public bool Follow { get; init; }

    /// <summary><c>--dry-run</c>.</summary>
    public bool DryRun { get; init; }

    /// <summary><c>--force</c>.</summary>
    public bool Force { get; init; }

    /// <summary><c>--repair</c>.</summary>
    public bool Repair { get; init; }

    /// <summary><c>--keep-images</c>.</summary>
    public bool KeepImages { get; init; }

    /// <summary><c>--explain</c>.</summary>
    public bool Explain { get; init; }

    /// <summary><c>--require-ready</c>.</summary>
    public bool RequireReady { get; init; }

    /// <summary><c>--watch</c>.</summary>
    public bool Watch { get; init; }

    /// <summary><c>--yes</c>.</summary>
    public bool Yes { get; init; }

    /// <summary><c>--orphans</c>.</summary>
    public bool Orphans { get; init; }

    /// <summary>Spells commands for the workspace and the stack of this one.</summary>
    public NextCommand ToNext(string launcher) => new(
        launcher,
        (Workspace is { } workspace ? $" --workspace {ShellQuote.Word(workspace)}" : "") + (StackName is { } name ? $" --stack-name {ShellQuote.Word(name)}" : ""));

    /// <summary><c>--json</c>.</summary>
    public bool Json { get; init; }

    /// <summary><c>--shell</c>.</summary>
    public string? Shell { get; init; }
}
