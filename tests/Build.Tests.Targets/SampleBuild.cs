using Cli.Hosting;
using Nuke.Common;

namespace Build.Tests.Targets;

/// <summary>Targets that write their names, so that their order can be seen.</summary>
internal sealed partial class SampleBuild : ConsoleBuild, IGreet
{
    public static int Execute() => Execute<SampleBuild>(build => build.Second);

    private Target First => _ => _
        .Description("Goes first.")
        .Executes(Say(nameof(First)));

    private Target Second => _ => _
        .DependsOn(First)
        .Executes(Say(nameof(Second)));

    private Target Third => _ => _
        .DependsOn(Second, First)
        .DependsOn<IGreet>(component => component.Greet)
        .Executes(Say(nameof(Third)));

    private Target Late => _ => _
        .After(Early)
        .Executes(Say(nameof(Late)));

    private Target Early => _ => _
        .Before(Last)
        .Executes(Say(nameof(Early)));

    private Target Last => _ => _
        .Executes(Say(nameof(Last)));

    private Target Pulls => _ => _
        .Triggers(Pulled)
        .Executes(Say(nameof(Pulls)));

    private Target Pulled => _ => _
        .Executes(Say(nameof(Pulled)));

    private Target Listens => _ => _
        .TriggeredBy(Pulled)
        .Executes(Say(nameof(Listens)));

    private Target Helps => _ => _
        .DependentFor(Last)
        .OnlyWhenStatic(() => Flag)
        .Executes(Say(nameof(Helps)));

    private Target Hidden => _ => _
        .Unlisted()
        .Executes(Say(nameof(Hidden)));

    private Target Collects => _ => _
        .DependsOn(First, Hidden);

    private Target SkippedEarly => _ => _
        .DependsOn(First)
        .OnlyWhenStatic(() => Flag)
        .Executes(Say(nameof(SkippedEarly)));

    private Target SkippedLate => _ => _
        .DependsOn(First)
        .OnlyWhenDynamic(() => Flag)
        .Executes(Say(nameof(SkippedLate)));

    private Target SkippedAlone => _ => _
        .DependsOn(First)
        .OnlyWhenStatic(() => Flag)
        .WhenSkipped(DependencyBehavior.Execute)
        .Executes(Say(nameof(SkippedAlone)));

    private static Action Say(string name) => () => BuildStreams.Data.WriteLine(name);
}
