using Hosting;

/// <summary>The build of this repository. Run it with <c>./build.sh TARGET</c>.</summary>
internal sealed partial class Build : ConsoleBuild
{
    /// <summary>Checks the call, then runs the targets.</summary>
    public static int Main(string[] args) =>
        BuildProgram.Run(typeof(Build), args, () => Execute<Build>(build => build.Status));
}
