using Cli.Hosting;

namespace Build.Tests.Targets;

internal static class Program
{
    /// <summary>Runs the build class that the variable SAMPLE_BUILD names, else <see cref="SampleBuild"/>.</summary>
    public static int Main(string[] args) =>
        Environment.GetEnvironmentVariable("SAMPLE_BUILD") == nameof(CircleBuild)
            ? BuildProgram.Run(typeof(CircleBuild), args, CircleBuild.Execute, SampleHandbook.Open)
            : BuildProgram.Run(typeof(SampleBuild), args, SampleBuild.Execute, SampleHandbook.Open);
}
