namespace InstanceKit.Generation;

/// <summary>Between a written value and what it means, as npm's <c>dotenv</c> decodes it.</summary>
internal static class DotEnvValue
{
    public static DotEnvQuoting QuotingOf(string raw)
    {
        if (raw.Length < 2 || raw[0] != raw[^1]) return DotEnvQuoting.Bare;
        return raw[0] switch
        {
            '\'' => DotEnvQuoting.SingleQuotes,
            '"' => DotEnvQuoting.DoubleQuotes,
            '`' => DotEnvQuoting.Backticks,
            _ => DotEnvQuoting.Bare,
        };
    }

    /// <summary>What the written value means: line ends become LF; a quote inside keeps its backslash.</summary>
    public static string Decode(string raw)
    {
        var value = QuotingOf(raw) == DotEnvQuoting.Bare ? raw : raw[1..^1];
        value = value.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

        // The escapes depend on the first character alone, also where the quote is never closed.
        if (!raw.StartsWith('"')) return value;
        return value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\r", "\r", StringComparison.Ordinal);
    }
}
