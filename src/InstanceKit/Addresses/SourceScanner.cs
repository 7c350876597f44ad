using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace InstanceKit.Addresses;

/// <summary>How a source file uses an address.</summary>
internal enum SourceUse
{
    /// <summary>As it is: the file always uses it.</summary>
    Literal,

    /// <summary>Where variables are not set.</summary>
    Default,

    /// <summary>Where variables are not set, as a part of a longer value, which can't be known.</summary>
    PartOfDefault,

    /// <summary>Only to show it.</summary>
    Message,

    /// <summary>As a command to the engine, which all instances share.</summary>
    Engine,

    /// <summary>As a cookie, which all ports of a host share.</summary>
    Cookie,
}

/// <summary>A text of a source file that may name a part of some stack.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The text. May contain passwords.</param>
/// <param name="Use">What the file does with it.</param>
/// <param name="Variables">Of a default: the variables that come before it; of several, the first may be set.</param>
/// <param name="IsForEmpty">Of a default: whether it also counts where the variables are empty.</param>
internal sealed record SourceFinding(int Line, string Text, SourceUse Use, IReadOnlyList<string> Variables, bool IsForEmpty);

/// <summary>
/// Finds local addresses in a source file, and the defaults of variables for ports and hosts, whatever the stack's ports. Comments,
/// examples and minified lines are skipped. Almost every file is refused after one search of its bytes.
/// </summary>
internal static partial class SourceScanner
{
    private const int MostFindings = 200;
    private const int MostNumbers = 4;
    private const int LongestLine = 2_000;
    private const int Farthest = 160;

    private static readonly string[] Needles = ["PORT", .. LocalHost.Needles];
    private static readonly string[] AllNeedles = [.. Needles, .. SharedScanner.Needles];

    /// <summary>Whether the bytes of a file name a local host or a variable for a port at all.</summary>
    /// <param name="further">Further names of the local host.</param>
    public static bool MayFind(ReadOnlySpan<byte> bytes, IReadOnlyList<string> further)
    {
        foreach (var needle in AllNeedles.Concat(further))
        {
            if (bytes.IndexOf(Encoding.UTF8.GetBytes(needle)) >= 0)
                return true;
        }

        return false;
    }

    /// <summary>What a file contains.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="path">Its path, whose extension tells the language.</param>
    /// <param name="further">Further names of the local host.</param>
    public static IReadOnlyList<SourceFinding> Find(string text, string path, IReadOnlyList<string> further)
    {
        var source = new SourceText(text, Path.GetExtension(path));
        var hosts = further.Select(h => h.ToLowerInvariant()).ToList();
        var needles = SearchValues.Create([.. Needles, .. further], StringComparison.Ordinal);
        var found = new List<SourceFinding>();
        var seen = 0;
        for (var at = Next(0); at >= 0 && found.Count < MostFindings; at = Next(at + 1))
        {
            if (source.TokenAt(at) is { IsComment: true } || !IsShortLine(text, at))
                continue;
            if (text.AsSpan(at).StartsWith(Needles[0]))
            {
                found.AddRange(NumbersAfter(source, at));
            }
            else if (at >= seen && ValueAt(source, at) is var (start, end))
            {
                seen = end;
                found.AddRange(OfHost(source, at, start, end, hosts));
            }
        }

        found.AddRange(SharedScanner.Find(source));

        return [.. found.DistinctBy(f => (f.Line, f.Text, f.Use, string.Join(',', f.Variables)))];

        int Next(int from) => text.AsSpan(from).IndexOfAny(needles) is >= 0 and var distance ? from + distance : -1;
    }

    private static bool IsShortLine(string text, int at) => at - text.LastIndexOf('\n', at) < LongestLine
        && text.AsSpan(at, Math.Min(LongestLine, text.Length - at)) is var rest && (rest.Length < LongestLine || rest.Contains('\n'));

    /// <summary>The string that a position lies in, or the word where the language has words without quotes.</summary>
    private static (int Start, int End)? ValueAt(SourceText source, int at)
    {
        if (source.TokenAt(at) is { } token && (token.IsClosed || token.Quote == '`'))
            return SourceDefaults.ExpansionAt(source.Text, at) is { } expansion && expansion.End <= token.End ? (expansion.Start, expansion.End) : (token.Start, token.End);
        if (!source.HasWords)
            return null; // text that a page shows
        if (SourceDefaults.ExpansionAt(source.Text, at) is { } own)
            return (own.Start, own.End);
        var start = at;
        while (start > 0 && IsOfWord(source.Text[start - 1])) start--;
        var end = at;
        while (end < source.Text.Length && IsOfWord(source.Text[end])) end++;
        return (start, end);

        static bool IsOfWord(char c) => !char.IsWhiteSpace(c) && c is not ('"' or '\'' or '`' or ',' or '(' or ')');
    }

    /// <summary>What the file does with a value that names a local host; <see langword="null"/> if that means no port.</summary>
    private static IEnumerable<SourceFinding> OfHost(SourceText source, int at, int start, int end, List<string> hosts)
    {
        var value = source.Inner(start, end);
        var isAddress = AddressScanner.Find(value, hosts).Any() || SiblingScanner.Find(value, hosts, _ => true).Any();
        if (!isAddress && !LocalHost.IsLocal(value.Trim(), hosts))
            return [];
        var line = source.LineOf(at);
        return SourceDefaults.Find(source, start, end) is { } found
            ? found.Others.Prepend(found).Select(d => Of(line, value, d, IsWhole(source, start, end)))
            : OfLiteral(source, line, (start, end), value, isAddress, hosts) is { } literal ? [literal] : [];
    }

    private static SourceFinding? OfLiteral(SourceText source, int line, (int Start, int End) at, string value, bool isAddress, List<string> hosts)
    {
        var (start, end) = at;
        var (from, stop) = source.SegmentBefore(start);
        var segment = source.Text[from..start];
        if (IsExample().IsMatch(segment) || SourceDefaults.IsBase(source, start, value))
            return null;
        if (isAddress)
            return new SourceFinding(line, value, IsMessage(source, start, stop, value) ? SourceUse.Message : SourceUse.Literal, [], IsForEmpty: false);

        // A host and a port side by side, as an object or as arguments.
        var begin = Math.Max(source.Text.LastIndexOf('\n', start) + 1, start - Farthest);
        var near = source.Text[begin..Math.Min(source.Text.Length, end + Farthest)];
        var pair = SiblingScanner.Find(near, hosts, _ => true).FirstOrDefault(a => a.Position + begin >= start && a.Position + begin < end);
        if (pair is null)
            return null;
        var first = near.AsSpan(0, Math.Min(pair.Position, pair.PortPosition)).LastIndexOfAny("{(\n") + 1;
        return new SourceFinding(line, near[first..Math.Max(pair.End, end - begin)].Trim(), SourceUse.Literal, [], IsForEmpty: false);
    }

    /// <summary>The numbers that are the defaults of the variable for a port whose name a position lies in.</summary>
    private static IEnumerable<SourceFinding> NumbersAfter(SourceText source, int at)
    {
        var text = source.Text;
        var (start, end) = (at, at + Needles[0].Length);
        while (start > 0 && IsOfName(text[start - 1])) start--;
        while (end < text.Length && IsOfName(text[end])) end++;
        var name = text[start..end];
        if (!PortName().IsMatch(name))
            yield break;
        var rest = text.AsSpan(end, Math.Min(Farthest, text.Length - end));
        var stop = rest.IndexOf(';') is >= 0 and var first ? first : rest.Length;
        var tried = 0;
        for (var number = Number().Match(text, end, stop); number.Success && tried < MostNumbers; number = number.NextMatch(), tried++)
        {
            var (from, to) = (number.Index, number.Index + number.Length);
            if (source.TokenAt(from) is { } token && SourceDefaults.ExpansionAt(text, from) is null)
            {
                if (token.IsComment || token.End - token.Start != number.Length + 2)
                    continue;
                (from, to) = (token.Start, token.End);
            }

            if (SourceDefaults.Find(source, from, to) is not { } found || !found.Variables.Contains(name))
                continue;
            yield return Of(source.LineOf(from), number.Value, found, IsWhole(source, from, to));
            yield break;
        }

        static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';
    }

    /// <summary>Whether a value is only shown to people.</summary>
    internal static bool IsMessage(SourceText source, int start) =>
        source.TokenAt(start) is { IsComment: false } token
            ? IsMessage(source, token.Start, source.SegmentBefore(token.Start).Stop, source.Inner(token.Start, token.End))
            : IsMessage(source, start, ' ', " ");

    private static SourceFinding Of(int line, string value, SourceDefault found, bool isWhole) =>
        new(line, value, isWhole ? SourceUse.Default : SourceUse.PartOfDefault, found.Variables, found.IsForEmpty);

    /// <summary>Whether a value is exactly what the file uses.</summary>
    private static bool IsWhole(SourceText source, int start, int end)
    {
        var text = source.Text;
        var value = text.AsSpan(start, end - start);
        var isQuoted = value[0] is '"' or '\'' or '`';
        return !(isQuoted && (value.Length < 2 || value[^1] != value[0])) && !value.Contains('\\') && value.IndexOf("${") < 0 && value.IndexOf("#{") < 0
            && !(isQuoted && value.Contains('{') && start > 0 && text[start - 1] is 'f' or 'F' or '$')
            && !More().IsMatch(text.AsSpan(end, Math.Min(Farthest, text.Length - end)));
    }

    /// <summary>Whether a value is only shown to people.</summary>
    private static bool IsMessage(SourceText source, int start, char stop, string value)
    {
        // A function of a shell returns what it prints; prose is for people.
        if (source.HasWords && value.Contains(' ') && source.Text.AsSpan(0, start) is var before && ShellMessage().IsMatch(before[(before.LastIndexOf('\n') + 1)..]))
            return true;
        if (stop is not ('(' or ','))
            return false;
        var (open, bracket) = source.SegmentBefore(start, overCommas: true);
        return bracket == '(' && Message().IsMatch(source.Text.AsSpan(0, open - 1)[Math.Max(0, open - 1 - Farthest)..]);
    }

    [GeneratedRegex(@"\A[A-Z0-9_]*PORT(?:_NUMBER)?\z")]
    private static partial Regex PortName();

    [GeneratedRegex(@"(?<![\w.$]|(?<!:)-)[1-9]\d{1,4}(?![\w.])")]
    private static partial Regex Number();

    [GeneratedRegex(@"\A\s*(?:[+%*]|\.(?:format|concat|replace|join)\()")]
    private static partial Regex More();

    [GeneratedRegex("""(?:\b|_)(?:examples?|description|placeholder|summary|help|title|label|message|hint|helperText|tooltip)["']?\s*[:=]\s*[{\[]?\s*\z""", RegexOptions.IgnoreCase)]
    private static partial Regex IsExample();

    [GeneratedRegex(@"\A\s*(?:>&2\s+)?(?:echo|printf|log|info|warn|warning|error|success|say|print|puts)(?:_\w+)?\s")]
    private static partial Regex ShellMessage();

    [GeneratedRegex(@"(?:\bconsole\.\w+|\blog\w*(?:\.\w+)?|\blogger\w*\.\w+|\b\w*[pP]rint\w*|\bputs|\becho|\w*Error|\w*Exception|\b(?:warn|debug|info|error))\s*\z", RegexOptions.RightToLeft)]
    private static partial Regex Message();
}
