using System.Collections;
using Cli.Manual;
using InstanceKit;
using InstanceKit.Doctor;
using InstanceKit.Platform;

namespace Cli.Hosting;

/// <summary>What happens around the engine: everything that can be refused is refused before it starts.</summary>
internal static class BuildProgram
{
    /// <summary>The targets in call order; empty for the default one.</summary>
    public static IReadOnlyList<string> CalledTargets { get; private set; } = [];

    /// <summary>Opens the manual of the build that runs.</summary>
    public static Func<Handbook> Handbook { get; private set; } = () => new Handbook();

    /// <summary>Checks the call, then lets the engine run it.</summary>
    /// <param name="buildType">The build class, whose members define the targets and parameters.</param>
    /// <param name="words">The arguments of the program.</param>
    /// <param name="execute">Runs the engine and returns its exit code.</param>
    /// <param name="handbook">Opens the manual on demand.</param>
    /// <returns>The exit code of the process.</returns>
    public static int Run(Type buildType, string[] words, Func<int> execute, Func<Handbook> handbook)
    {
        Handbook = handbook;
        if (HiddenWords.Answer(words, buildType, handbook) is { } answered)
            return answered;
        Interrupts.Accept();
        var exitCode = RunCommand(buildType, words, execute, handbook);
        NativeProgram.CountCall();
        return exitCode;
    }

    private static int RunCommand(Type buildType, string[] words, Func<int> execute, Func<Handbook> handbook)
    {
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
            if (HelpText.IsRequested(line.Words))
                return HelpText.Write(handbook(), catalog);
            CommandBehindDashes.RequireTaker(buildType, CalledTargets);
            OptionUse.Require(line.Words, CalledTargets, catalog, handbook);
            AmbientVariables.Hide(catalog.Bindable);
            ParameterSources.CheckEnvironment(catalog);
            var folder = Root(words);
            ParameterSources.CheckFile(catalog, ahead.DefaultsOf(folder));
            RemoveLog(folder);
            line.HandOver();

            // Before the engine, so that nothing writes to standard output by accident.
            ahead.RequireStreams();
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            FailureText.Write(failure);
            return (int)failure.ExitCode;
        }

        PrepareEngine();

        // The engine returns -1 for a failure without its own code; the documented code is 1.
        return execute() is var exitCode and >= 0 ? exitCode : (int)ExitCode.Failed;
    }

    /// <summary>
    /// Removes the log that NUKE writes for interactive runs. Where there is one, NUKE opens it exclusively even on a host
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

        // NUKE enables colors whenever TERM is set.
        if (!BuildStreams.IsProgressColoured)
            AmbientVariables.Replace("TERM", "dumb");
    }

    /// <summary>
    /// The root directory: the given one, else the repository that this program was built in, so that it can be called
    /// from anywhere.
    /// </summary>
    private static string Root(string[] words)
    {
        if (GivenRoot(words) is { } root)
        {
            return Directory.Exists(Path.Combine(root, ".nuke"))
                ? root
                : throw InstanceKitException.Usage($"'{root}' is not a root directory: it contains no .nuke directory.", "Omit --root, or pass the directory of the build script.");
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

/// <summary>
/// What every run needs soon and is slow to open in a new process: opened on another thread while the
/// build class is read.
/// </summary>
internal sealed class OpenedAhead
{
    private readonly Task<string?> _root = Task.Run(RootFolder.Find);
    private readonly Task<ParameterFile?> _defaults;
    private readonly Task _streams = Task.Run(() => BuildStreams.Data);

    /// <summary>Begins.</summary>
    public OpenedAhead() => _defaults = LoadAsync();

    /// <summary>The file of defaults below a root folder.</summary>
    /// <exception cref="InstanceKit.InstanceKitException">It is not a JSON object.</exception>
    public ParameterFile DefaultsOf(string root) =>
        (root == _root.GetAwaiter().GetResult() ? _defaults.GetAwaiter().GetResult() : null) ?? ParameterFile.Load(root);

    /// <summary>Makes sure that the streams are open.</summary>
    public void RequireStreams() => _streams.GetAwaiter().GetResult();

    private async Task<ParameterFile?> LoadAsync() => await _root is { } root ? ParameterFile.Load(root) : null;
}

/// <summary>First arguments that are not targets: used by tests and shells, and answered without the engine.</summary>
internal static class HiddenWords
{
    /// <summary>Writes docs/cli.md.</summary>
    private const string Manual = "_manual";

    /// <summary>Answers a hidden word.</summary>
    /// <returns>The exit code; <see langword="null"/> for an ordinary command line.</returns>
    public static int? Answer(IReadOnlyList<string> words, Type buildType, Func<Handbook> handbook) => words switch
    {
        [NativeProgram.Word] => NativeProgram.Compile(isDetached: false),
        [NativeProgram.Word, NativeProgram.Detached] => NativeProgram.Compile(isDetached: true),
        [Manual] => WriteManual(new ManualText(handbook(), ParameterCatalog.Of(buildType))),
        _ => null,
    };

    private static int WriteManual(ManualText manual)
    {
        var gaps = manual.Gaps().ToList();
        foreach (var gap in gaps)
            BuildStreams.Progress.WriteLine(gap);
        foreach (var line in gaps.Count > 0 ? [] : manual.Lines())
            BuildStreams.Data.WriteLine(line);
        return gaps.Count > 0 ? 1 : 0;
    }
}

/// <summary>
/// Rejects an option on the command line that no called target uses: the engine would bind it, and nothing would use
/// it. Variables and parameters.json are for all targets, and never rejected.
/// </summary>
internal static class OptionUse
{
    /// <summary>Checks the options of a call whose words are understood.</summary>
    /// <param name="words">The command line, with long options.</param>
    /// <param name="called">The called targets; empty for the default one.</param>
    /// <param name="catalog">The parameters that there are.</param>
    /// <param name="handbook">Opens the manual, which lists what each target uses; a target without a page may use everything.</param>
    /// <exception cref="InstanceKitException">An option would have no effect.</exception>
    public static void Require(
        IReadOnlyList<string> words, IReadOnlyList<string> called, ParameterCatalog catalog, Func<Handbook> handbook)
    {
        var given = words.Where(word => word.StartsWith('-')).Select(catalog.Find).OfType<ParameterEntry>().Where(entry => !entry.IsOfEngine).ToList();
        if (given.Count == 0)
            return;
        var book = handbook();
        var pages = (called.Count > 0 ? called : [book.DefaultTarget]).Select(book.FindTarget).ToList();
        if (pages.Contains(null))
            return;
        var useless = given.Find(entry => book.FindOption(entry.Name) is { } option && !pages.Exists(page => book.Takes(page!, option)));
        if (useless is not null)
            throw Refusal(useless, called.Count > 0, [.. pages.OfType<TargetPage>()], book);
    }

    private static InstanceKitException Refusal(ParameterEntry entry, bool isCalled, IReadOnlyList<TargetPage> pages, Handbook book)
    {
        var names = string.Join(", ", pages.Select(page => page.Name));
        var users = string.Join(", ", book.UsersOf(entry.Name).Select(page => page.Name));
        return InstanceKitException.Usage(
            $"{entry.Option} is not an option of {(isCalled ? "" : "the default target ")}{names}; it is an option of {users}.",
            $"Omit it; {pages[0].Name} --help lists the options.");
    }
}

/// <summary>Checks the values that do not stand on the command line: NUKE_ variables and <c>.nuke/parameters.json</c>.</summary>
internal static class ParameterSources
{
    private const string Prefix = "NUKE";

    /// <summary>Checks the variables of the build; an empty one counts as unset.</summary>
    /// <exception cref="InstanceKitException">A value cannot be read, or two variables mean one parameter.</exception>
    public static void CheckEnvironment(ParameterCatalog catalog)
    {
        var seen = new Dictionary<ParameterEntry, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var (key, value) = ((string)variable.Key, (string?)variable.Value ?? "");
            var plain = AmbientVariables.Plain(key);
            if (!plain.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            if (value.Length > 0 && ParameterCatalog.Unsupported.FirstOrDefault(name => name.Equals(plain[Prefix.Length..], StringComparison.OrdinalIgnoreCase)) is { } refused)
                throw InstanceKitException.Usage($"The variable {key} sets NUKE's parameter {refused}, which this build does not support.", $"Unset it: unset {key}");
            if (catalog.Find(plain[Prefix.Length..]) is not { } entry)
                continue;
            if (value.Length == 0)
            {
                AmbientVariables.Replace(key, null);
                continue;
            }

            if (!seen.TryAdd(entry, key))
                throw InstanceKitException.Usage($"The variables {seen[entry]} and {key} both mean {entry.Option}; unset one of them.");
            CommandLineGuard.Check(entry, value, $"{key}={value}");
        }
    }

    /// <summary>Checks the file of defaults.</summary>
    /// <exception cref="InstanceKitException">It has an unknown key, or an invalid value.</exception>
    public static void CheckFile(ParameterCatalog catalog, ParameterFile file)
    {
        foreach (var (name, values) in file.Parameters)
            Check(catalog, name, values, file);
    }

    private static void Check(ParameterCatalog catalog, string name, List<string> values, ParameterFile file)
    {
        var path = file.Path;
        // The engine compares these names with case.
        var entry = catalog.Entries.FirstOrDefault(one => one.Name == name)
                    ?? throw InstanceKitException.Usage(
                        $"{path}: there is no parameter '{name}'; the parameters are {string.Join(", ", catalog.Entries.Select(one => one.Name))}.");
        if (entry.NamesTargets)
            return;
        foreach (var value in values)
            CommandLineGuard.Check(entry, value, $"{path}, {name}", file.Root);
    }
}

/// <summary>The repository that this program was built in, so that it can be called from anywhere.</summary>
internal static class RootFolder
{
    /// <summary>The nearest directory above the program that contains <c>.nuke/parameters.json</c>.</summary>
    /// <exception cref="InstanceKitException">There is none.</exception>
    public static string OfProgram() =>
        Find() ?? throw InstanceKitException.Usage($"There is no .nuke directory above {Program}; pass --root PATH.");

    private static string Program => AppContext.BaseDirectory;

    /// <summary>The same; <see langword="null"/> when there is none.</summary>
    public static string? Find()
    {
        for (string? folder = Program; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, ".nuke", "parameters.json")))
                return folder;
        }

        return null;
    }
}
