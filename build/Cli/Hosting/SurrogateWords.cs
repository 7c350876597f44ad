using System.Text;
using InstanceKit;
using InstanceKit.Platform;

namespace Cli.Hosting;

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
