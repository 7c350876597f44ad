using System.Text;
using InstanceKit.Models;
using InstanceKit.Verbs;

namespace Output;

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
