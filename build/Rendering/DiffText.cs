using InstanceKit.Lifecycle;
using InstanceKit.Planning;
using Spectre.Console;

namespace Rendering;

/// <summary>Shows how edited files differ from what would be written, each once until it differs otherwise.</summary>
internal static class DiffText
{
    /// <summary>A heading for each file, and the lines of the difference.</summary>
    public static void Write(Surface surface, OperationReport report)
    {
        foreach (var diff in report.Diffs.Where(d => d.IsNews))
        {
            surface.WriteLine($"  --- {diff.File} (as you edited it)", Palette.Strong);
            surface.WriteLine($"  +++ {diff.File} (as --force would write it)", Palette.Strong);
            foreach (var line in diff.Lines)
                surface.WriteLine($"  {line}", StyleOf(line));
            if (diff.MoreLines > 0)
                surface.WriteLine($"  … {diff.MoreLines} more {(diff.MoreLines == 1 ? "line" : "lines")}", Palette.Faint);
        }
    }

    private static Style? StyleOf(string line) => line[0] switch
    {
        '-' => Palette.Bad,
        '+' => Palette.Good,
        '@' => Palette.Faint,
        _ => default(Style?),
    };
}
