using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Lifecycle;
using InstanceKit.Stacks;

namespace Requests;

/// <summary>What a person asked for, understood and checked as far as that is possible without touching anything.</summary>
internal sealed record InstanceRequest
{
    /// <summary>The instances, and who named them.</summary>
    public required SelectorWord Instances { get; init; }

    /// <summary>The workspace's absolute path.</summary>
    public required string Workspace { get; init; }

    /// <summary>The folder of tools that are fetched once.</summary>
    public required string ToolsDirectory { get; init; }

    /// <summary>The stack's name in place of the workspace's own.</summary>
    public string? StackName { get; init; }

    /// <summary>What runs the services.</summary>
    public required InfraMode? Infra { get; init; }

    /// <summary>How long to wait without progress.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Which log lines are wanted; the names in it are not known to exist yet.</summary>
    public required LogRequest Logs { get; init; }

    /// <summary>Spells the commands that a person may want to give next.</summary>
    public required NextCommand Next { get; init; }

    /// <summary>Whether only the plan is wanted.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether edited files are overwritten.</summary>
    public bool Force { get; init; }

    /// <summary>Whether ports and address ranges are planned afresh.</summary>
    public bool Repair { get; init; }

    /// <summary>Whether containers keep the image they were created from although its tag names another one by now.</summary>
    public bool KeepImages { get; init; }

    /// <summary>Whether the person has agreed beforehand.</summary>
    public bool Yes { get; init; }

    /// <summary>The folder of tools that are fetched once.</summary>
    public static string ToolsOf(RequestContext context) => Path.Combine(context.RepositoryRoot, ".nuke", "temp", "tools");

    /// <summary>Understands the words of a command.</summary>
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
    /// <exception cref="InstanceKitException">All instances are meant, and nobody has said yes.</exception>
    public void RequireAgreement()
    {
        if (Instances.Selector.IsAll && !Yes && !DryRun)
        {
            throw InstanceKitException.Usage(
                $"Clean of all instances (from {Instances.Origin}) removes the data of every one.",
                "Add --yes if that is meant, or --dry-run to see what it would remove.");
        }
    }

    /// <summary>The one instance that was named on the command line.</summary>
    /// <exception cref="InstanceKitException">None was named there, or more than one.</exception>
    public int RequireNamedInstance() =>
        Instances.Selector.IsAuto ? throw InstanceKitException.Usage(
            $"UseInstance can't remember 'auto' (from {Instances.Origin}): Up takes a number and remembers it by itself.",
            $"Give one number: {Next.For("UseInstance", 1)}, or take one: {Next.For("Up", "auto")}")
        : Instances is { Origin: SelectorWord.Option, Selector: { IsAll: false, Numbers: [var number] } }
            ? number
            : throw InstanceKitException.Usage(
                "UseInstance remembers one instance, and exactly one must be named on the command line.",
                $"Give one number: {Next.For("UseInstance", 1)}");
}
