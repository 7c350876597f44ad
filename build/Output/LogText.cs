using System.Text;
using System.Text.RegularExpressions;
using InstanceKit.Models;
using InstanceKit.Verbs;

namespace Output;

/// <summary>
/// Sanitizes foreign text for a terminal: logs, and what errors, tables and progress show from apps, containers and other
/// programs. Keeps tabs, and colors if requested; removes what moves the cursor, clears the screen, sets a title
/// or shows letters in another order than they are in.
/// </summary>
internal static partial class LogText
{
    /// <summary>The text without any control characters but tabs and line feeds.</summary>
    public static string Plain(string text)
    {
        if (!Control().IsMatch(text) && !text.Contains('\e', StringComparison.Ordinal))
            return text;
        return Control().Replace(Escape().Replace(text, ""), m => m.Value == "\n" ? "\n" : "");
    }

    /// <summary>The same for a piece of a line.</summary>
    public static string Piece(string text) => Plain(text).Replace('\n', ' ');

    /// <summary>Removes what would move the cursor, clear the screen or change the title.</summary>
    /// <param name="line">The line as it was written.</param>
    /// <param name="keepsColors">Whether its own colours stay.</param>
    public static string Clean(string line, bool keepsColors)
    {
        // A progress bar overwrites itself; keep what it showed last.
        var shown = line.TrimEnd('\r');
        shown = shown[(shown.LastIndexOf('\r') + 1)..];
        if (shown.Contains('\e', StringComparison.Ordinal))
            shown = Escape().Replace(shown, m => keepsColors && m.Groups["color"].Success ? m.Value : "");
        return Control().IsMatch(shown) ? Control().Replace(shown, "") : shown;
    }

    [GeneratedRegex(@"(?<color>\e\[[0-9;:]*m)|\e\[[0-?]*[ -/]*[@-~]|\e\][^\a\e]*(?:\a|\e\\)?|\e[ -/]*[0-~]|\e")]
    private static partial Regex Escape();

    // C0 without tab and the start of a kept escape sequence, DEL, C1, and what changes the direction of text.
    [GeneratedRegex(@"[\x00-\x08\x0A-\x1A\x1C-\x1F\x7F-\x9F\u202A-\u202E\u2066-\u2069]")]
    private static partial Regex Control();
}

/// <summary>Writes a log line after its source's name; with several instances, after the instance number.</summary>
internal sealed class LogLineFormat
{
    private const string Reset = "\e[0m";
    private const string Faint = "\e[90m";
    private const string Red = "\e[31m";

    private readonly bool _hasColors;
    private readonly bool _showsInstance;
    private int _width;

    /// <summary>Creates the format.</summary>
    /// <param name="hasColors">Whether colours may be used.</param>
    /// <param name="instances">The instances of the lines.</param>
    /// <param name="sources">The sources known beforehand, so that the first lines are aligned already.</param>
    public LogLineFormat(bool hasColors, IReadOnlyCollection<int> instances, IReadOnlyCollection<string> sources)
    {
        _hasColors = hasColors;
        _showsInstance = instances.Count > 1;
        _width = instances.SelectMany(i => sources.Select(s => LabelOf(i, s).Length)).DefaultIfEmpty().Max();
    }

    /// <summary>The line as text, without its line ending.</summary>
    public string Format(InstanceLogLine line)
    {
        var label = LabelOf(line.Instance, line.Source);
        _width = Math.Max(_width, label.Length);
        label = label.PadRight(_width);
        if (!_hasColors)
            return $"{label} | {LogText.Clean(line.Text, keepsColors: false)}";

        var bar = line.IsError ? Red : Faint;
        return $"\e[{SourceColor.Of(line.Source)}m{label}{Reset} {bar}|{Reset} "
            + LogText.Clean(line.Text, keepsColors: true) + Reset;
    }

    private string LabelOf(int instance, string source) => LogText.Piece(_showsInstance ? $"{instance}/{source}" : source);
}

/// <summary>Gives every source of log lines a colour that is the same in every run.</summary>
internal static class SourceColor
{
    // Escape sequences of foreground colors that are readable on dark and light backgrounds; red is for errors.
    private static readonly int[] Colors = [36, 32, 33, 35, 34, 96, 92, 93, 95, 94];

    /// <summary>The number that selects the colour in an escape sequence.</summary>
    public static int Of(string source)
    {
        // FNV-1a: string.GetHashCode differs from process to process.
        var hash = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(source))
            hash = (hash ^ value) * 16777619u;
        return Colors[hash % (uint)Colors.Length];
    }
}

/// <summary>Writes lines as they arrive, to a reader that may disconnect at any time.</summary>
internal static class LineStream
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    /// <summary>Writes lines until the end, or until they are no longer read, as after "| head".</summary>
    /// <param name="format">Formats one line, without its line ending.</param>
    /// <returns>How many lines were written.</returns>
    public static async Task<int> WriteAsync<T>(
        IAsyncEnumerable<T> lines, Func<T, string> format, CommandOutput output, CancellationToken cancellation)
    {
        var writer = output.Data.Writer;
        var count = 0;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var look = output.Time.CreateTimer(_ => EndWhereAbandoned(), null, LookEvery, LookEvery);
        try
        {
            await foreach (var line in lines.WithCancellation(end.Token))
            {
                writer.WriteLine(format(line));
                writer.Flush();
                count++;
                if (output.IsAbandoned())
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && end.IsCancellationRequested)
        {
            // Nobody reads, and nothing came that could have been written.
        }

        return count;

        void EndWhereAbandoned()
        {
            if (output.IsAbandoned())
                end.Cancel();
        }
    }
}
