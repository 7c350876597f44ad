using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Cli.Manual;
using InstanceKit;
using InstanceKit.Platform;

namespace Cli.Hosting;

/// <summary>
/// Short forms such as <c>-f</c> for <c>--follow</c>. The engine reads the command line itself and takes <c>-f</c> for
/// an unknown option of that name, so they are passed to it as variables.
/// </summary>
/// <param name="Words">The command line with long options instead of short ones.</param>
/// <param name="Given">The parameters given in short form, each with its values; the last one of a name counts.</param>
internal sealed record ShortForms(IReadOnlyList<string> Words, IReadOnlyList<(ParameterEntry Entry, IReadOnlyList<string> Values)> Given)
{
    /// <summary>Finds the short forms before "--", after which nothing is an option of the build.</summary>
    /// <exception cref="InstanceKitException">An option is given in both forms.</exception>
    public static ShortForms Expand(IReadOnlyList<string> words, ParameterCatalog catalog, Func<Handbook> handbook)
    {
        var end = EndOf(words);
        if (!words.Take(end).Any(word => IsCandidate(word, catalog)))
            return new ShortForms(words, []);

        var book = handbook();
        var expanded = new List<string>();
        var given = new List<(ParameterEntry, IReadOnlyList<string>)>();
        for (var i = 0; i < end; i++)
        {
            if (!IsCandidate(words[i], catalog) || Read(words[i], book) is not { } pages)
            {
                expanded.Add(words[i]);
                continue;
            }

            foreach (var page in pages)
            {
                var entry = catalog.Find(page.Name) ?? throw new InvalidOperationException($"There is no parameter {page.Name}.");
                RequireOneWay(entry, $"-{page.Short}", words.Take(end));
                var isLast = page == pages[^1];
                given.Add((entry, isLast ? [.. words.Take(end).Skip(i + 1).TakeWhile(word => !word.StartsWith('-'))] : []));
                expanded.Add(entry.Option);
            }
        }

        return new ShortForms([.. expanded, .. words.Skip(end)], given);
    }

    /// <summary>Passes the short forms to the engine; the values must have been checked.</summary>
    public void HandOver()
    {
        foreach (var (entry, values) in Given)
            AmbientVariables.Supply(entry.Name, values.Count == 0 ? "true" : string.Join(entry.Separator, values));
    }

    private static int EndOf(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] == "--")
                return i;
        }

        return words.Count;
    }

    // The engine treats one dash like two, so -follow is a long option.
    private static bool IsCandidate(string word, ParameterCatalog catalog) =>
        word.Length > 1 && word[0] == '-' && char.IsAsciiLetter(word[1]) && catalog.Find(word) is null;

    /// <summary>The options of a word such as -f or -fn, of which only the last one may take a value; else null.</summary>
    private static List<OptionPage>? Read(string word, Handbook book)
    {
        var pages = new List<OptionPage>();
        foreach (var letter in word.AsSpan(1))
        {
            if (book.FindShort(letter) is not { } page || pages is [.., { IsSwitch: false }])
                return null;
            pages.Add(page);
        }

        return pages;
    }

    private static void RequireOneWay(ParameterEntry entry, string shortForm, IEnumerable<string> words)
    {
        if (words.Any(word => word.StartsWith('-') && AmbientVariables.Plain(word).Equals(entry.Name, StringComparison.OrdinalIgnoreCase)))
            throw InstanceKitException.Usage($"{shortForm} and {entry.Option} are the same option; use one of them.");
    }
}

/// <summary>
/// The arguments that the NUKE plugins of Rider and ReSharper write to a file below the root. NUKE would use them
/// instead of the command line after that was checked, so they are read here first: the program is started again with
/// them, and checks them like any others.
/// </summary>
internal static class SurrogateWords
{
    // NUKE's own rule: an older file belongs to a call that never started.
    private static readonly TimeSpan s_longestAge = TimeSpan.FromMinutes(1);

    /// <summary>Runs the arguments in the file, and deletes it.</summary>
    /// <param name="root">The root folder of the build.</param>
    /// <returns>The exit code; <see langword="null"/> when there is no such file, or an old one.</returns>
    /// <exception cref="InstanceKitException">The file does not contain exactly one line, or can't be read.</exception>
    public static int? Run(string root)
    {
        var path = Path.Combine(root, ".nuke", "temp", "resharper-surrogate.log");
        if (!File.Exists(path) || Take(path) is not var (line, written))
            return null;
        if (DateTime.UtcNow - written > s_longestAge)
        {
            BuildStreams.Progress.WriteLine($"Ignored and deleted {path}: an IDE left it at {written.ToLocalTime():HH:mm:ss}, more than a minute ago.");
            return null;
        }

        var words = Split(line);
        BuildStreams.Progress.WriteLine($"Running what the IDE left in {path}: {line.Trim()}");
        var hasRoot = words.TakeWhile(word => word != CommandBehindDashes.Mark).Any(word => word.StartsWith('-') && AmbientVariables.Plain(word).Equals("Root", StringComparison.OrdinalIgnoreCase));
        return AttachedProcess.Run(CommandBehindDashes.Again(words) with
        {
            Environment = hasRoot ? new Dictionary<string, string?>() : new Dictionary<string, string?> { ["NUKE_ROOT"] = root },
        });
    }

    /// <summary>Cuts a line at its spaces, except between quotes, as NUKE does.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var (quote, isEscaped) = ('\0', false);
        foreach (var character in line.Append(' '))
        {
            if (character == ' ' && quote == '\0')
            {
                if (word.ToString().Trim() is { Length: > 0 } text)
                    words.Add(Unquote(Unquote(text, '"'), '\'').Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\'", "'", StringComparison.Ordinal));
                word.Clear();
            }
            else
            {
                word.Append(character);
            }

            if (character is '"' or '\'' && !isEscaped && (quote == '\0' || quote == character))
                quote = quote == '\0' ? character : '\0';
            isEscaped = character == '\\' && !isEscaped;
        }

        if (quote != '\0' && word.ToString().Trim() is { Length: > 0 } rest)
            words.Add(rest);
        return words;
    }

    private static string Unquote(string text, char quote) =>
        text.Length > 1 && text[0] == quote && text[^1] == quote ? text[1..^1] : text;

    /// <summary>Moves the file before it is read, so that only one of two concurrent runs uses it.</summary>
    private static (string Line, DateTime Written)? Take(string path)
    {
        var taken = $"{path}.{Environment.ProcessId}";
        try
        {
            File.Move(path, taken);
        }
        catch (FileNotFoundException)
        {
            return null; // another run was faster
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw InstanceKitException.Usage($"{path}, which passes the arguments of an IDE, can't be read: {e.Message}", "Delete that file.");
        }

        try
        {
            var lines = File.ReadAllLines(taken);
            var written = File.GetLastWriteTimeUtc(taken);
            return lines is [var line] ? (line, written)
                : DateTime.UtcNow - written > s_longestAge ? ("", written)
                : throw InstanceKitException.Usage($"{path} must contain a single line with arguments, but contains {lines.Length}; it was deleted.", "Start the target in the IDE again.");
        }
        finally
        {
            File.Delete(taken);
        }
    }
}

/// <summary>
/// The words after <c>--</c>, which are a command for a target to run, not for the build. An engine reads
/// the whole command line of the process: of <c>Exec -- psql --help</c> it would take the <c>--help</c>.
/// So this program is started again without these words, and gets them as variables.
/// </summary>
internal static class CommandBehindDashes
{
    /// <summary>What parts the command from the build's own words.</summary>
    public const string Mark = "--";

    // One variable per word: it can be as long as a command-line argument, and contain the same characters.
    private const string Count = "INSTANCEKIT_COMMAND_WORDS";
    private const string Word = "INSTANCEKIT_COMMAND_WORD_";

    /// <summary>The command; <see langword="null"/> if there is no <c>--</c>.</summary>
    public static IReadOnlyList<string>? Words { get; private set; }

    /// <summary>Starts the program again if the words contain a command.</summary>
    /// <returns>Its exit code; <see langword="null"/> when there is no command, and the program continues.</returns>
    public static int? RunWithout(string[] words)
    {
        var mark = Array.IndexOf(words, Mark);
        if (mark < 0)
            return null;
        var command = words[(mark + 1)..];
        var variables = command.Select((word, i) => KeyValuePair.Create(Word + i.ToString(CultureInfo.InvariantCulture), (string?)word))
            .Append(new(Count, command.Length.ToString(CultureInfo.InvariantCulture)));
        return AttachedProcess.Run(Again(words[..mark]) with { Environment = variables.ToDictionary(StringComparer.Ordinal) });
    }

    /// <summary>This program, with other words.</summary>
    public static ProcessSpec Again(IReadOnlyList<string> words) => new()
    {
        Program = Environment.ProcessPath!,
        Arguments = [.. HostArguments, .. words],
    };

    /// <summary>Takes the command over from the first process, out of the environment of all that is started later.</summary>
    public static void Receive()
    {
        if (!int.TryParse(Take(Count), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return;
        Words = [.. Enumerable.Range(0, count).Select(i => Take(Word + i.ToString(CultureInfo.InvariantCulture)) ?? "")];
    }

    /// <summary>Rejects a command that no called target takes.</summary>
    /// <param name="buildType">The build class.</param>
    /// <param name="called">The called targets; empty for the default one.</param>
    /// <exception cref="InstanceKitException">There is a command, but no target to run it.</exception>
    public static void RequireTaker(Type buildType, IReadOnlyList<string> called)
    {
        if (Words is null)
            return;
        var takers = buildType.GetInterfaces().Append(buildType)
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(property => property.IsDefined(typeof(TakesCommandAttribute))).Select(property => property.Name).Order(StringComparer.Ordinal).ToList();
        if (called.Any(name => takers.Contains(AmbientVariables.Plain(name), StringComparer.OrdinalIgnoreCase)))
            return;
        throw InstanceKitException.Usage(
            $"'{Mark}' precedes a command to run, but {(called.Count == 0 ? "the default target" : string.Join(", ", called))} runs no command; "
            + $"the command is for {string.Join(" or ", takers)}: {takers[0]} ... {Mark} {string.Join(' ', Words.DefaultIfEmpty("COMMAND"))}");
    }

    /// <summary>What precedes the program's arguments if it is not an executable itself: the path of its assembly.</summary>
    private static string[] HostArguments =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [Environment.GetCommandLineArgs()[0]]
            : [];

    private static string? Take(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return value;
    }
}

/// <summary>Marks a target that runs the command after <c>--</c>; other targets reject it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TakesCommandAttribute : Attribute;
