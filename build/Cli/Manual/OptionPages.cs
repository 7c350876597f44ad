using InstanceKit.Observing;
using static Cli.Manual.OptionName;

namespace Cli.Manual;

/// <summary>
/// All options. Short forms are those of docker and kubectl for the same option: -f of docker and kubectl logs,
/// -n of docker logs, -w of kubectl get, -y of docker compose, -h of all.
/// </summary>
internal static class OptionPages
{
    /// <summary>The names of the options that every target accepts.</summary>
    public static IReadOnlyList<string> Common => [Help, Plan, Root, Skip, Target, Verbosity, NoLogo];

    public static IReadOnlyList<OptionPage> All =>
    [
        new(Instance, "N") { Kind = ValueKind.Instances, Separator = ',' },
        new(Follow) { Short = 'f' },
        new(Tail, "LINES") { Short = 'n', Choices = ["all"] },
        new(Since, "TIME"),
        new(Until, "TIME"),
        new(Grep, "PATTERN"),
        new(Only, "A,B") { Kind = ValueKind.Parts, Separator = ',' },
        new(Infra, "KIND") { Choices = ["auto", "compose", "embedded"] },
        new(OptionName.Timeout, "DURATION"),
        new(DryRun),
        new(Force),
        new(Repair),
        new(KeepImages),
        new(Explain),
        new(OptionName.Watch) { Short = 'w' },
        new(RequireReady),
        new(Yes) { Short = 'y' },
        new(Orphans),
        new(Json),
        new(Workspace, "PATH") { Kind = ValueKind.Folder },
        new(StackName, "NAME"),
        new(Shell, "SHELL") { Choices = ["bash", "zsh", "fish", "powershell"] },
        new(Faults),
        new(Configuration, "NAME") { Choices = ["Debug", "Release"] },
        new(IgnoreFailedSources),
        new(Help) { Short = 'h' },
        new(Verbosity, "LEVEL") { Choices = ["quiet", "minimal", "normal", "verbose"] },
        new(Plan),
        new(Root, "PATH") { Kind = ValueKind.Folder },
        new(Skip, "A+B") { Kind = ValueKind.Targets, Separator = '+' },
        new(Target, "A+B") { Kind = ValueKind.Targets, Separator = '+' },
        new(NoLogo),
    ];
}

/// <summary>The names of the parameters, as they are declared.</summary>
internal static class OptionName
{
    public const string Configuration = "Configuration";
    public const string DryRun = "DryRun";
    public const string Explain = "Explain";
    public const string Faults = "Faults";
    public const string Follow = "Follow";
    public const string Force = "Force";
    public const string Grep = "Grep";
    public const string Help = "Help";
    public const string IgnoreFailedSources = "IgnoreFailedSources";
    public const string Infra = "Infra";
    public const string Instance = "Instance";
    public const string Json = "Json";
    public const string KeepImages = "KeepImages";
    public const string NoLogo = "NoLogo";
    public const string Only = "Only";
    public const string Orphans = "Orphans";
    public const string Plan = "Plan";
    public const string Repair = "Repair";
    public const string RequireReady = "RequireReady";
    public const string Root = "Root";
    public const string Shell = "Shell";
    public const string Since = "Since";
    public const string Skip = "Skip";
    public const string StackName = "StackName";
    public const string Tail = "Tail";
    public const string Target = "Target";
    public const string Timeout = "Timeout";
    public const string Until = "Until";
    public const string Verbosity = "Verbosity";
    public const string Watch = "Watch";
    public const string Workspace = "Workspace";
    public const string Yes = "Yes";
}
