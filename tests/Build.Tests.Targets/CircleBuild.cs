using Cli.Hosting;
using Nuke.Common;

namespace Build.Tests.Targets;

/// <summary>Two targets that wait for each other.</summary>
internal sealed class CircleBuild : ConsoleBuild
{
    private Target Hen => _ => _.DependsOn(Egg).Executes(() => BuildStreams.Data.WriteLine(nameof(Hen)));

    private Target Egg => _ => _.DependsOn(Hen).Executes(() => BuildStreams.Data.WriteLine(nameof(Egg)));

    public static int Execute() => Execute<CircleBuild>(build => build.Hen);
}
