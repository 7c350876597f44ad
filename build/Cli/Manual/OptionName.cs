using InstanceKit.Observing;

namespace Cli.Manual;

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
