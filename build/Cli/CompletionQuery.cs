using System.Reflection;
using System.Text;
using System.Text.Json;
using Cli.Manual;
using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using Output;

namespace Cli;

/// <summary>
/// What the scripts of <see cref="ShellScript"/> call at a key press: <c>_complete SHELL :CURRENT [WORD ...]</c>, with the word
/// under the cursor after a colon, so that no shell drops it when it is empty. Does not start the engine.
/// </summary>
internal static class CompletionQuery
{
    /// <summary>The first word, which build.sh knows too: it compiles nothing for it.</summary>
    public const string Word = "_complete";

    /// <summary>The line that leaves the answer to the shell.</summary>
    public const string Folders = ":folders";

    /// <summary>Whether this is such a question.</summary>
    public static bool IsAsked(IReadOnlyList<string> words) => words is [Word, _, [':', ..], ..];

    /// <summary>The answer, a candidate a line; where the shell shows them, with a tab and a few words about it.</summary>
    /// <param name="words">The command line of the question.</param>
    /// <param name="describe">The sentence about a parameter, by its name.</param>
    /// <param name="find">The values of an option that only the workspace knows.</param>
    public static IEnumerable<string> Answer(
        IReadOnlyList<string> words, Func<string, string> describe, Func<OptionPage, CompletionLine, IEnumerable<Candidate>> find)
    {
        var isBash = words[1] == "bash";
        var book = Book.Open();
        var typed = words.Skip(2).Select(word => isBash ? ShellWord.Unquote(word) : word).ToList();
        var line = new CompletionLine(book, typed[1..], typed[0][1..]);
        if (Completer.WantsFolders(line))
            return [Folders];
        return new Completer(book, describe, find).Complete(line)
            .Select(candidate => isBash || candidate.About.Length == 0 ? candidate.Value : $"{candidate.Value}\t{candidate.About}");
    }
}

/// <summary>A word as bash hands it to a completion: as it was typed, with its quotes.</summary>
internal static class ShellWord
{
    /// <summary>The value of the word; an open quote counts as closed, and nothing is expanded.</summary>
    public static string Unquote(string typed)
    {
        var word = new StringBuilder();
        char? quote = null;
        for (var i = 0; i < typed.Length; i++)
        {
            var character = typed[i];
            if (character == quote)
                quote = null;
            else if (quote is null && character is '\'' or '"')
                quote = character;
            else if (character == '\\' && quote != '\'' && i + 1 < typed.Length && (quote is null || typed[i + 1] is '"' or '\\' or '$' or '`'))
                word.Append(typed[++i]);
            else
                word.Append(character);
        }

        return word.ToString();
    }
}

/// <summary>The instances, services and apps of a workspace, from the files of its instances; runs no other program.</summary>
internal sealed class InstanceValues(RequestContext context)
{
    private const string FolderPrefix = "instance-";
    private const string EnvSuffix = ".env";

    // Targets that can create an instance.
    private static readonly string[] Beginners = ["Up", "InitInstance"];

    /// <summary>The values of an option; none where the workspace can't be read.</summary>
    public IEnumerable<Candidate> Find(OptionPage option, CompletionLine line)
    {
        try
        {
            return option.Kind switch
            {
                ValueKind.Instances => [.. Instances(WorkspaceOf(line), line)],
                ValueKind.Parts => [.. Parts(WorkspaceOf(line), line)],
                _ => [],
            };
        }
        catch (Exception e) when (e is InstanceKitException or IOException or UnauthorizedAccessException or JsonException)
        {
            // Completion must not fail; the command itself will report the error.
            return [];
        }
    }

    private static IEnumerable<Candidate> Instances(string workspace, CompletionLine line)
    {
        var numbers = NumbersOf(workspace);
        foreach (var number in numbers)
            yield return new Candidate($"{number}", "exists");
        var mayBegin = line.Targets.Any(page => Beginners.Contains(page.Name));
        if (mayBegin)
            yield return new Candidate($"{Enumerable.Range(0, numbers.Count + 1).First(n => !numbers.Contains(n))}", "new");
        yield return new Candidate("all", "all instances") { IsItem = false };
        yield return new Candidate("auto", mayBegin ? "the checkout's instance, else the lowest free number" : "the checkout's instance") { IsItem = false };
    }

    private static IEnumerable<Candidate> Parts(string workspace, CompletionLine line)
    {
        var parts = new SortedDictionary<string, Candidate>(StringComparer.Ordinal);
        foreach (var number in Selected(line, NumbersOf(workspace)))
            Read(new InstancePaths(workspace, number).Record, parts);
        return parts.Values;
    }

    private static IReadOnlyList<int> Selected(CompletionLine line, IReadOnlyList<int> existing) =>
        line.ValueOf(OptionName.Instance) is { } word && InstanceSelector.Parse(word, "") is { Numbers: { Count: > 0 } numbers }
            ? numbers
            : existing;

    private static void Read(string record, SortedDictionary<string, Candidate> parts)
    {
        if (!File.Exists(record))
            return;
        using var document = JsonDocument.Parse(File.ReadAllBytes(record));
        foreach (var service in document.RootElement.GetProperty("services").EnumerateArray().Select(one => one.GetString()!))
            parts[service] = new Candidate(service, "service");
        foreach (var file in document.RootElement.GetProperty("files").EnumerateObject().Select(one => one.Name))
        {
            // Each app has an env file of its name.
            if (file.EndsWith(EnvSuffix, StringComparison.Ordinal))
                parts[file[..^EnvSuffix.Length]] = new Candidate(file[..^EnvSuffix.Length], "app");
        }
    }

    private static List<int> NumbersOf(string workspace)
    {
        var root = Path.Combine(workspace, InstancePaths.RootName);
        if (!Directory.Exists(root))
            return [];
        var numbers = Directory.EnumerateDirectories(root, FolderPrefix + "*")
            .Select(folder => int.TryParse(Path.GetFileName(folder).AsSpan(FolderPrefix.Length), out var number) ? number : -1)
            .Where(number => number >= 0).ToList();
        numbers.Sort();
        return numbers;
    }

    private string WorkspaceOf(CompletionLine line)
    {
        var word = line.ValueOf(OptionName.Workspace) ?? context.Variable("NUKE_WORKSPACE");
        return WorkspaceLocator.Locate(word is ['~', '/', ..] ? context.Variable("HOME") + word[1..] : word, context);
    }
}

/// <summary>The command on the shell.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>Completion</c>.</summary>
    public Task<int> WriteCompletionAsync()
    {
        try
        {
            output.Data.Writer.Write(ShellScript.For(words.Shell, context.RepositoryRoot, context.Launcher));
            return Task.FromResult((int)ExitCode.Ok);
        }
        catch (InstanceKitException e)
        {
            return Task.FromResult(ErrorOutput.Write(output, e));
        }
    }
}

/// <summary>The script that makes a shell call <see cref="CompletionQuery"/>.</summary>
internal static class ShellScript
{
    private const string Root = "{root}";

    /// <summary>The script of a shell.</summary>
    /// <param name="shell">What was written after <c>--shell</c>.</param>
    /// <param name="root">The repository to use if the command is not a path: an alias, a function.</param>
    /// <param name="launcher">How the build is called.</param>
    /// <exception cref="InstanceKitException">The shell is missing or not supported.</exception>
    public static string For(string? shell, string root, string launcher) => shell switch
    {
        "bash" or "zsh" => Read(shell, Within(ShellQuote.Posix(root))),
        "fish" => Read(shell, Within(ShellQuote.Fish(root))),
        "powershell" or "pwsh" => Read("ps1", Within(ShellQuote.PowerShell(root))),
        _ => throw InstanceKitException.Usage(
            shell is null ? "Completion needs the name of a shell." : $"--shell '{shell}' is not a supported shell.",
            $"Use bash, zsh, fish or powershell: {launcher} Completion --shell bash"),
    };

    /// <summary>The scripts contain the quotes themselves.</summary>
    private static string Within(string quoted) => quoted[1..^1];

    private static string Read(string extension, string root)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var reader = new StreamReader(assembly.GetManifestResourceStream($"completion.{extension}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Replace(Root, root, StringComparison.Ordinal);
    }
}
