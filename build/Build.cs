using Cli;
using Cli.Hosting;
using Cli.Manual;
using Output;
using ShipSec.Build;

/// <summary>The build of this repository. Run it with <c>./build.sh TARGET</c>.</summary>
internal sealed partial class Build : ConsoleBuild, IInstances
{
    /// <summary>Checks the call, then runs the targets.</summary>
    public static int Main(string[] args)
    {
        if (CompletionQuery.IsAsked(args))
            return Complete(args);

        // Asked for even when the rest of the call cannot be understood.
        if (args.TakeWhile(word => word != CommandBehindDashes.Mark).Any(word => word.StartsWith('-') && AmbientVariables.Plain(word).Equals(nameof(IInstances.Json), StringComparison.OrdinalIgnoreCase)))
            FailureText.WriteData = failure => JsonOutput.WriteLine(BuildStreams.Data, ErrorDocument.Of(failure));
        return BuildProgram.Run(typeof(Build), args, () => Execute<Build>(build => ((IInstances)build).Status), Book.Open);
    }

    private static int Complete(string[] words)
    {
        var catalog = new Lazy<ParameterCatalog>(() => ParameterCatalog.Of(typeof(Build)));
        var values = new InstanceValues(IInstances.ContextIn(RootFolder.OfProgram()));
        foreach (var line in CompletionQuery.Answer(words, name => catalog.Value.DescriptionOf(name), values.Find))
            BuildStreams.Data.WriteLine(line);
        return 0;
    }
}
