using InstanceKit.Observing;
using Spectre.Console;

namespace Output;

/// <summary>The styles of the output: few, and from the sixteen colours that every terminal theme defines.</summary>
internal static class Palette
{
    /// <summary>Ready, done.</summary>
    public static readonly Style Good = new(Color.Green);

    /// <summary>Waiting, or a warning.</summary>
    public static readonly Style Caution = new(Color.Olive);

    /// <summary>Failed.</summary>
    public static readonly Style Bad = new(Color.Maroon);

    /// <summary>Of less weight.</summary>
    public static readonly Style Faint = new(Color.Grey);

    /// <summary>What a section is about.</summary>
    public static readonly Style Strong = new(decoration: Decoration.Bold);

    /// <summary>The style of a readiness.</summary>
    public static Style Of(ReadyState state) => state switch
    {
        ReadyState.Ready => Good,
        ReadyState.Waiting => Caution,
        ReadyState.Failed => Bad,
        _ => Faint,
    };
}
