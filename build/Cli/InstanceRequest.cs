using System.Globalization;
using System.Text.RegularExpressions;
using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Stacks;
using InstanceKit.Verbs;

namespace Cli;

/// <summary>The parsed request, validated as far as possible without changing anything.</summary>
internal sealed record InstanceRequest
{
    /// <summary>The instances, and the source of the selection.</summary>
    public required SelectorWord Instances { get; init; }

    /// <summary>The workspace's absolute path.</summary>
    public required string Workspace { get; init; }

    /// <summary>The folder of tools that are fetched once.</summary>
    public required string ToolsDirectory { get; init; }

    /// <summary>The stack name; overrides that of the workspace.</summary>
    public string? StackName { get; init; }

    /// <summary>What runs the services.</summary>
    public required InfraMode? Infra { get; init; }

    /// <summary>How long to wait without progress.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Which log lines are wanted; the names in it are not known to exist yet.</summary>
    public required LogRequest Logs { get; init; }

    /// <summary>Formats the commands to recommend.</summary>
    public required NextCommand Next { get; init; }

    /// <summary>Whether only the plan is wanted.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether edited files are overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>Whether ports and address ranges are planned again.</summary>
    public bool Repair { get; init; }

    /// <summary>Whether containers keep the image they were created from although its tag now refers to another one.</summary>
    public bool KeepImages { get; init; }

    /// <summary>Whether the person has agreed beforehand.</summary>
    public bool Yes { get; init; }

    /// <summary>The folder of tools that are fetched once.</summary>
    public static string ToolsOf(RequestContext context) => Path.Combine(context.RepositoryRoot, ".nuke", "temp", "tools");

    /// <summary>Parses the options of a command.</summary>
    /// <exception cref="InstanceKitException">A word cannot be understood; it is named.</exception>
    public static InstanceRequest Parse(RequestWords words, RequestContext context)
    {
        var workspace = WorkspaceLocator.Locate(words.Workspace, context);
        return new InstanceRequest
        {
            Workspace = workspace,
            Instances = SelectorWord.Find(words.Instance, workspace, context.Variable),
            ToolsDirectory = ToolsOf(context),
            StackName = words.StackName is { } name ? StackDefinition.RequireName(name) : null,
            Infra = InfraWord.Parse(words.Infra),
            Timeout = TimeoutWord.Parse(words.Timeout),
            Logs = new LogRequest
            {
                Tail = TailWord.Parse(words.Tail, isLimited: (words.Since ?? words.Grep) is not null),
                Since = MomentWord.Parse("--since", words.Since, context.Now),
                Until = MomentWord.Parse("--until", words.Until, context.Now),
                Grep = GrepWord.Parse(words.Grep),
                Follow = words.Follow,
                Only = OnlyWords.Split(words.Only),
            },
            Next = words.ToNext(context.Launcher),
            DryRun = words.DryRun,
            Force = words.Force,
            Repair = words.Repair,
            KeepImages = words.KeepImages,
            Yes = words.Yes,
        };
    }

    /// <summary>How the workspace is to be managed.</summary>
    /// <param name="writes">Whether the command is the one that writes files: <c>--force</c> and <c>--repair</c> are for it.</param>
    public ManagerOptions ToOptions(bool writes) => new()
    {
        Workspace = Workspace,
        ToolsDirectory = ToolsDirectory,
        StackName = StackName,
        Infra = Infra,
        Timeout = Timeout,
        Next = Next,
        DryRun = DryRun,
        Force = Force && writes,
        Repair = Repair && writes,
        KeepImages = KeepImages,
    };

    /// <summary>Refuses to remove every instance unless the person has agreed.</summary>
    /// <exception cref="InstanceKitException">All instances are selected without confirmation.</exception>
    public void RequireAgreement()
    {
        if (Instances.Selector.IsAll && !Yes && !DryRun)
        {
            throw InstanceKitException.Usage(
                $"Clean of all instances (from {Instances.Origin}) removes the data of every instance.",
                "To confirm, add --yes; to see what it would remove, add --dry-run.");
        }
    }

    /// <summary>The one instance that was named on the command line.</summary>
    /// <exception cref="InstanceKitException">None was named there, or more than one.</exception>
    public int RequireNamedInstance() =>
        Instances.Selector.IsAuto ? throw InstanceKitException.Usage(
            $"UseInstance can't select 'auto' (from {Instances.Origin}): Up picks a number and selects it.",
            $"Use a number: {Next.For("UseInstance", 1)}, or let Up pick one: {Next.For("Up", "auto")}")
        : Instances is { Origin: SelectorWord.Option, Selector: { IsAll: false, Numbers: [var number] } }
            ? number
            : throw InstanceKitException.Usage(
                "UseInstance needs exactly one instance on the command line.",
                $"Use a number: {Next.For("UseInstance", 1)}");
}

/// <summary>The word after <c>--since</c> or <c>--until</c>.</summary>
internal static class MomentWord
{
    /// <summary>Parses the word; nothing means no limit.</summary>
    /// <param name="option">Its option.</param>
    /// <exception cref="InstanceKitException">The word is neither a time ago nor a moment.</exception>
    public static DateTimeOffset? Parse(string option, string? word, DateTimeOffset now)
    {
        try
        {
            return word is null ? null : SinceParser.Parse(word, now);
        }
        catch (InstanceKitException e)
        {
            throw new InstanceKitException(e.ExitCode, $"{option} {e.Message}", e.Remedy, e);
        }
    }
}

/// <summary>The word after <c>--tail</c>: a number of lines, or <c>all</c>.</summary>
internal static class TailWord
{
    /// <summary>The default number of last lines of each source.</summary>
    public const int Default = 100;

    /// <summary>Reads the word.</summary>
    /// <param name="word">The word; <see langword="null"/> for nothing.</param>
    /// <param name="isLimited">Whether <c>--since</c> or <c>--grep</c> selects the lines, so that no default limits them.</param>
    /// <returns>A number of lines, 0 or more; <see langword="null"/> for all.</returns>
    /// <exception cref="InstanceKitException">The word is neither a number nor <c>all</c>.</exception>
    public static int? Parse(string? word, bool isLimited)
    {
        if (word is null)
            return isLimited ? null : Default;
        if (string.Equals(word, "all", StringComparison.OrdinalIgnoreCase))
            return null;
        return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var lines)
            ? lines
            : throw InstanceKitException.Usage(
                $"--tail '{word}' is not a valid number of lines.", "Use a number (50) or 'all'.");
    }
}

/// <summary>The word after <c>--grep</c>.</summary>
internal static class GrepWord
{
    // A pattern that takes longer on one line may never finish on others.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Parses the word: a regular expression; nothing means every line.</summary>
    /// <exception cref="InstanceKitException">It is not a valid regular expression.</exception>
    public static Regex? Parse(string? word)
    {
        try
        {
            return string.IsNullOrEmpty(word) ? null : new Regex(word, RegexOptions.CultureInvariant, Patience);
        }
        catch (ArgumentException e)
        {
            throw InstanceKitException.Usage(
                $"--grep '{word}' is not a valid regular expression: {e.Message.TrimEnd('.')}.", @"Escape a special character with a backslash: \[ \( \. \*");
        }
    }
}

/// <summary>Where and when a command runs.</summary>
internal sealed record RequestContext
{
    /// <summary>The absolute path of the folder that the person was in.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>The absolute path of the repository with the build.</summary>
    public required string RepositoryRoot { get; init; }

    /// <summary>The value of an environment variable, or <see langword="null"/>.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The present time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How the person calls the build from here: <c>./build.sh</c>.</summary>
    public required string Launcher { get; init; }
}

/// <summary>The word after <c>--infra</c>.</summary>
internal static class InfraWord
{
    /// <summary>Reads the word; nothing leaves it to the stack.</summary>
    /// <exception cref="InstanceKitException">It is another word.</exception>
    public static InfraMode? Parse(string? word) => word switch
    {
        null => null,
        "auto" => InfraMode.Auto,
        "compose" => InfraMode.Compose,
        "embedded" => InfraMode.Embedded,
        "own" => InfraMode.Own,
        "shared" => InfraMode.Shared,
        _ => throw InstanceKitException.Usage($"--infra '{word}' is not a valid mode.", "Use auto, compose, embedded, own or shared."),
    };
}
