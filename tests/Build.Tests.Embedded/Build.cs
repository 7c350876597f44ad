using Nuke.Common;
using ShipSec.Build;

internal sealed class Build : NukeBuild, IInstances
{
    public static int Main() => Execute<Build>(build => ((IInstances)build).Status);
}
