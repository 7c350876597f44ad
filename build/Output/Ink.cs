using InstanceKit.Observing;

namespace Output;

/// <summary>
/// The style of a piece of a line. Frequent tables are drawn with these only: loading the library of
/// <see cref="Palette"/> takes longer than drawing them.
/// </summary>
internal enum Ink
{
    /// <summary>As the terminal writes.</summary>
    Plain,

    /// <summary>Ready, done.</summary>
    Good,

    /// <summary>Waiting, or a warning.</summary>
    Caution,

    /// <summary>Failed.</summary>
    Bad,

    /// <summary>Of less weight.</summary>
    Faint,

    /// <summary>What a section is about.</summary>
    Strong,
}

/// <summary>What inks stand for.</summary>
internal static class Inks
{
    /// <summary>The ink of a readiness.</summary>
    public static Ink Of(ReadyState state) => state switch
    {
        ReadyState.Ready => Ink.Good,
        ReadyState.Waiting => Ink.Caution,
        ReadyState.Failed => Ink.Bad,
        _ => Ink.Faint,
    };

    /// <summary>The escape sequence (ECMA-48, SGR) that starts an ink; one of the sixteen colors that every theme defines.</summary>
    public static string Begin(Ink ink) => ink switch
    {
        Ink.Good => "\e[32m",
        Ink.Caution => "\e[33m",
        Ink.Bad => "\e[31m",
        Ink.Faint => "\e[90m",
        Ink.Strong => "\e[1m",
        _ => "",
    };

    /// <summary>The escape sequence that ends any ink.</summary>
    public const string End = "\e[0m";
}
