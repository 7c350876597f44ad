using System.Globalization;
using Cli.Hosting;
using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Models;
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

/// <summary>A shell, by how it wants words quoted.</summary>
internal enum ShellKind
{
    /// <summary>bash, zsh and every other shell that follows POSIX.</summary>
    Posix,

    /// <summary>fish.</summary>
    Fish,

    /// <summary>PowerShell.</summary>
    PowerShell,
}

/// <summary>The word after <c>--shell</c>.</summary>
internal static class ShellKindWord
{
    /// <summary>Parses the word; nothing means the default shell of the system.</summary>
    /// <exception cref="InstanceKitException">It is another word.</exception>
    public static ShellKind Parse(string? word) => word switch
    {
        null => OperatingSystem.IsWindows() ? ShellKind.PowerShell : ShellKind.Posix,
        "bash" or "zsh" or "sh" => ShellKind.Posix,
        "fish" => ShellKind.Fish,
        "pwsh" or "powershell" => ShellKind.PowerShell,
        _ => throw InstanceKitException.Usage($"--shell '{word}' is not a supported shell.", "Use bash, zsh, fish or powershell."),
    };
}

/// <summary>The selected instances, and the source of the selection.</summary>
/// <param name="Selector">The instances.</param>
/// <param name="Origin">Where it was written: "--instance"; <see langword="null"/> for nowhere.</param>
internal sealed record SelectorWord(InstanceSelector Selector, string? Origin)
{
    /// <summary>The option, which takes precedence.</summary>
    public const string Option = "--instance";

    /// <summary>The variable, which comes next.</summary>
    public const string VariableName = "SHIPSEC_INSTANCE";

    /// <summary>Finds the selector: the command line, then the environment, then the workspace's own file, then 0.</summary>
    /// <param name="word">What was written after <c>--instance</c>; <see langword="null"/> for nothing.</param>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="variable">The value of an environment variable, or <see langword="null"/>.</param>
    /// <exception cref="InstanceKitException">The first one found is not a valid selector; the error names it.</exception>
    public static SelectorWord Find(string? word, string workspace, Func<string, string?> variable)
    {
        if (word is not null)
            return Read(word, Option);
        if (variable(VariableName) is { Length: > 0 } ambient)
            return Read(ambient, VariableName);
        return ReadActive(workspace) is { } active
            ? Read(active, InstancePaths.ActiveInstanceName) is { Selector.IsAuto: false } read
                ? read
                : throw InstanceKitException.Usage(
                    $"{InstancePaths.ActiveInstanceName} '{active}' in {workspace} is not a valid instance.",
                    $"Write a number into it, or remove it and pass {Option} auto.")
            : new SelectorWord(InstanceSelector.Of(0), null);
    }

    private static SelectorWord Read(string text, string origin) => new(InstanceSelector.Parse(text, origin), origin);

    private static string? ReadActive(string workspace)
    {
        try
        {
            return InstanceManager.ReadActiveInstance(workspace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InstanceKitException(
                ExitCode.Usage, $"{InstancePaths.ActiveInstanceName} in {workspace} can't be read: {e.Message}",
                $"Remove it, or pass {Option}.", e);
        }
    }
}

/// <summary>The word after <c>--timeout</c>: seconds, or a duration with units.</summary>
internal static class TimeoutWord
{
    /// <summary>The default time limit of <c>Wait</c>.</summary>
    public static readonly TimeSpan DefaultOfWait = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Parses the word; nothing means <see cref="ManagerOptions.DefaultTimeout"/>.</summary>
    /// <returns>One second to 24 hours.</returns>
    /// <exception cref="InstanceKitException">The word is not a duration, or out of that range.</exception>
    public static TimeSpan Parse(string? word) => Parse(word, ManagerOptions.DefaultTimeout);

    /// <summary>The same, with another duration for no word.</summary>
    public static TimeSpan Parse(string? word, TimeSpan fallback)
    {
        if (word is null)
            return fallback;

        TimeSpan duration;
        try
        {
            duration = double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : GoDuration.Parse(word);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Error(word, e is FormatException ? "is not a valid duration" : "is too long");
        }

        return duration < Shortest ? throw Error(word, "is too short")
            : duration > Longest ? throw Error(word, "is too long")
            : duration;
    }

    private static InstanceKitException Error(string word, string reason) => InstanceKitException.Usage(
        $"--timeout '{word}' {reason}.", "Use seconds (120) or a duration (90s, 2m, 1m30s), from 1s to 24h.");
}

/// <summary>The words after <c>--only</c>: names of services and apps.</summary>
internal static class OnlyWords
{
    /// <summary>The names, distinct, in the order given.</summary>
    /// <exception cref="InstanceKitException">The option has no name.</exception>
    public static IReadOnlyList<string> Split(IReadOnlyList<string> words)
    {
        var names = words
            .SelectMany(w => w.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return names.Count > 0 || words.Count == 0
            ? names
            : throw InstanceKitException.Usage(
                $"--only '{string.Join(' ', words)}' is empty.", "Name services or apps: --only backend,postgres.");
    }

    /// <summary>Rejects unknown names.</summary>
    /// <param name="names">The names asked for.</param>
    /// <param name="known">The services and apps that there are.</param>
    /// <exception cref="InstanceKitException">A name is unknown; the known ones are listed.</exception>
    public static void Require(IReadOnlyList<string> names, IEnumerable<string> known)
    {
        var all = known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var unknown = names.Where(n => !all.Contains(n, StringComparer.Ordinal)).ToList();
        if (unknown.Count > 0)
        {
            throw InstanceKitException.Usage(
                $"--only names {string.Join(", ", unknown.Select(n => $"'{n}'"))}, which is not a service or app of this stack.",
                $"{Suggest(unknown, all)}Valid names are {string.Join(", ", all)}.");
        }
    }

    private static string Suggest(List<string> unknown, List<string> known)
    {
        var near = unknown.Select(u => known.Where(k => Spelling.Distance(u, k) <= Spelling.Limit(u)).MinBy(k => Spelling.Distance(u, k)))
            .OfType<string>().Distinct().ToList();
        return near.Count == 0 ? "" : $"Did you mean {string.Join(", ", near)}? ";
    }
}
