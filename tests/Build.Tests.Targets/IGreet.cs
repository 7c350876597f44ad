using Cli.Hosting;
using Nuke.Common;

namespace Build.Tests.Targets;

/// <summary>A component: a target and a parameter that an interface brings along.</summary>
internal interface IGreet : INukeBuild
{
    [Parameter("Whom to greet.")]
    string Guest => TryGetValue(() => Guest) ?? "nobody";

    Target Greet => _ => _
        .Description("Greets.")
        .Executes(() => BuildStreams.Data.WriteLine($"Greet {Guest}"));
}
