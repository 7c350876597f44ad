namespace InstanceKit.Generation;

/// <summary>How the value of an assignment is written in the file.</summary>
public enum DotEnvQuoting
{
    /// <summary>No quotes: up to <c>#</c> or the end of the line, without surrounding white space.</summary>
    Bare = 0,

    /// <summary><c>'…'</c>: taken literally, may span lines.</summary>
    SingleQuotes = 1,

    /// <summary><c>"…"</c>: <c>\n</c> and <c>\r</c> stand for the control characters, may span lines.</summary>
    DoubleQuotes = 2,

    /// <summary><c>`…`</c>: taken literally, may span lines.</summary>
    Backticks = 3,
}
