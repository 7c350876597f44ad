using System.Text;
using System.Text.RegularExpressions;

namespace InstanceKit.Env;

/// <summary>Expands <c>${NAME}</c> between the values of one env file.</summary>
internal sealed partial class DotEnvExpansion
{
    // The longest value for a process (Linux: MAX_ARG_STRLEN); also stops doubling references.
    private const int MaxLength = 131_072;
    private const int MaxDepth = 64;

    private readonly Dictionary<string, DotEnvEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _done = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public DotEnvExpansion(IEnumerable<DotEnvEntry> entries)
    {
        foreach (var entry in entries) _entries[entry.Key] = entry;
    }

    public IReadOnlyDictionary<string, string> All()
    {
        foreach (var key in _entries.Keys) Value(key);
        return _done;
    }

    /// <summary>The expanded value; null when the name is unknown, being expanded already, or too deep.</summary>
    private string? Value(string name)
    {
        if (_done.TryGetValue(name, out var known)) return known;
        if (!_entries.TryGetValue(name, out var entry)) return null;
        if (entry.Quoting is DotEnvQuoting.SingleQuotes or DotEnvQuoting.Backticks) return _done[name] = entry.Value;
        if (_open.Count >= MaxDepth || !_open.Add(name)) return null;
        _done[name] = Expand(entry.Value);
        _open.Remove(name);
        return _done[name];
    }

    private string Expand(string value)
    {
        var result = new StringBuilder();
        var copied = 0;
        foreach (var reference in Reference().EnumerateMatches(value))
        {
            result.Append(value, copied, reference.Index - copied);
            var written = value.AsSpan(reference.Index, reference.Length);
            copied = reference.Index + reference.Length;
            var replacement = written[0] == '\\' ? null : Value(written[2..^1].ToString());
            var rest = value.Length - copied;
            if (replacement is null || result.Length + replacement.Length + rest > MaxLength) result.Append(written);
            else result.Append(replacement);
        }

        return result.Append(value, copied, value.Length - copied).ToString();
    }

    [GeneratedRegex(@"\\?\$\{[A-Za-z0-9_.-]+\}", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
