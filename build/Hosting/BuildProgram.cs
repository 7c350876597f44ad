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
        Interrupts.Accept();
        if (HiddenWords.Answer(words, buildType, handbook) is { } answered)
            return answered;
        var ahead = new OpenedAhead();
        try
        {
            if ((FindRoot(words) is { } root ? SurrogateWords.Run(root) : null) is { } surrogate)
                return surrogate;
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
            var folder = Root(words);
            ParameterSources.CheckFile(catalog, ahead.DefaultsOf(folder));
            RemoveLog(folder);
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

    /// <summary>
    /// Removes the log that NUKE writes for a person's runs. Where there is one, NUKE opens it exclusively even on a host
    /// that has none, and only one run at a time would be possible again.
    /// </summary>
    /// <exception cref="InstanceKitException">It can't be removed.</exception>
    private static void RemoveLog(string root)
    {
        var path = Path.Combine(root, ".nuke", "temp", "build.log");
        try
        {
            if (File.Exists(path))
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InstanceKitException.Usage($"{path}, which an earlier run of NUKE left behind, can't be deleted: {e.Message}", "Delete that file.");
        }
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
        if (GivenRoot(words) is { } root)
        {
            return Directory.Exists(Path.Combine(root, ".nuke"))
                ? root
                : throw InstanceKitException.Usage($"'{root}' is not a root folder: it has no folder .nuke.", "Leave --root out, or give the folder of the build script.");
        }

        var folder = RootFolder.OfProgram();
        AmbientVariables.Replace("NUKE_ROOT", folder);
        return folder;
    }

    /// <summary>The same before anything was checked; <see langword="null"/> where there is none.</summary>
    private static string? FindRoot(string[] words) => GivenRoot(words) ?? RootFolder.Find();

    private static string? GivenRoot(string[] words)
    {
        var own = words.TakeWhile(word => word != CommandBehindDashes.Mark).ToList();
        var given = own.FindLastIndex(word => word.StartsWith('-') && AmbientVariables.Plain(word).Equals("Root", StringComparison.OrdinalIgnoreCase));
        return given >= 0 ? own.ElementAtOrDefault(given + 1) : Environment.GetEnvironmentVariable("NUKE_ROOT") is { Length: > 0 } root ? root : null;
    }
}
