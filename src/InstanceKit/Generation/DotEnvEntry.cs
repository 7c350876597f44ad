namespace InstanceKit.Generation;

/// <summary>One assignment of an env file, in the order of the file; duplicates are separate entries.</summary>
/// <param name="Key">The name: ASCII letters, digits, <c>_</c>, <c>.</c> and <c>-</c>; never empty.</param>
/// <param name="Value">The value as npm's <c>dotenv</c> decodes it, with nothing expanded; may be empty.</param>
/// <param name="Line">The line that holds the key, from 1; CR, LF and CRLF each end a line.</param>
/// <param name="Quoting">How the value is written.</param>
public sealed record DotEnvEntry(string Key, string Value, int Line, DotEnvQuoting Quoting)
{
    /// <summary>Where the written value starts in the text, from 0, its opening quote included.</summary>
    public int Start { get; init; }

    /// <summary>Where the written value ends, exclusive, its closing quote included.</summary>
    public int End { get; init; }

    /// <summary>Whether an app reads the same from both, wherever and however they are written.</summary>
    internal bool Says(DotEnvEntry other) => Key == other.Key && Value == other.Value;
}
