using InstanceKit;
using InstanceKit.Drivers;
using Manual;

namespace Hosting;

/// <summary>What happens around the engine: everything that can be refused is refused before it starts.</summary>
internal static class BuildProgram
{
    /// <summary>The targets in the order in which they were called; empty for the default one.</summary>
    public static IReadOnlyList<string> CalledTargets { get; private set; } = [];

    /// <summary>Opens the manual of the build that runs.</summary>
    public static Func<Handbook> Handbook { get; private set; } = () => new Handbook();

    /// <summary>Checks the call, then lets the engine run it.</summary>
    /// <param name="buildType">The build class, whose members say what may be given.</param>
    /// <param name="words">The words behind the program's name.</param>
    /// <param name="execute">Runs the engine and returns its exit code.</param>
    /// <param name="handbook">Opens the manual, when it is asked for.</param>
    /// <returns>The exit code of the process.</returns>
    public static int Run(Type buildType, string[] words, Func<int> execute, Func<Handbook> handbook)
    {
        Handbook = handbook;
        if (HiddenWords.Answer(words, buildType, handbook) is { } answered)
            return answered;
        var ahead = new OpenedAhead();
        try
        {
            if (CommandBehindDashes.RunWithout(words) is { } ended)
                return ended;
            CommandBehindDashes.Receive();
            var catalog = ParameterCatalog.Of(buildType);
            var line = ShortForms.Expand(words, catalog, handbook);
            CalledTargets = new CommandLineGuard(catalog).Check(line.Words);
            if (HelpText.IsAskedFor(line.Words))
                return HelpText.Write(handbook(), catalog);
            CommandBehindDashes.RequireTaker(buildType, CalledTargets);
            OptionUse.Require(line.Words, CalledTargets, catalog, handbook);
            AmbientVariables.Hide(catalog.Bindable);
            ParameterSources.CheckEnvironment(catalog);
            ParameterSources.CheckFile(catalog, ahead.DefaultsOf(Root(words)));
            line.HandOver();

            // Before the engine, so that nobody writes to standard output by accident.
            ahead.RequireStreams();
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            FailureText.Write(failure);
            return (int)failure.ExitCode;
        }

        PrepareEngine();

        // The engine says -1 for a failure without a code of its own; the documented code is 1.
        return execute() is var exitCode and >= 0 ? exitCode : (int)ExitCode.Failed;
    }

    private static void PrepareEngine()
    {
        Environment.SetEnvironmentVariable("NUKE_TELEMETRY_OPTOUT", "1");

        // NUKE takes TERM alone for a sign that colours are welcome.
        if (!BuildStreams.IsProgressColoured)
            AmbientVariables.Replace("TERM", "dumb");
    }

    /// <summary>
    /// The root folder: what is given, else the repository that this program was built in, so that it can be called
    /// from anywhere.
    /// </summary>
    private static string Root(string[] words)
    {
        var given = Array.FindLastIndex(words, word => word.StartsWith('-') && AmbientVariables.Plain(word).Equals("Root", StringComparison.OrdinalIgnoreCase));
        var root = given >= 0 ? words[given + 1] : Environment.GetEnvironmentVariable("NUKE_ROOT");
        if (root is not null)
        {
            return Directory.Exists(Path.Combine(root, ".nuke"))
                ? root
                : throw InstanceKitException.Usage($"'{root}' is not a root folder: it has no folder .nuke.", "Leave --root out, or give the folder of the build script.");
        }

        var folder = RootFolder.OfProgram();
        AmbientVariables.Replace("NUKE_ROOT", folder);
        return folder;
    }
}
