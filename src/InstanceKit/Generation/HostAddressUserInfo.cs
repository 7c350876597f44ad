using static InstanceKit.Generation.HostAddressText;

namespace InstanceKit.Generation;

/// <summary>Tells whether a seeming address is the user and password of another: <c>http://a:1@b/</c>.</summary>
internal sealed class HostAddressUserInfo(string text)
{
    // RFC 3986 and WHATWG: where the authority of a URL ends, plus what no URL may hold.
    private const string AuthorityEnds = "/?#\\\"'`<>[]{}|^";

    // Outside a URL, or behind its user and password, lists are likelier than a password with these characters.
    private const string ListEnds = AuthorityEnds + ",;&()=";

    // The last look ahead of each kind; a later start before its end has the same answer, which keeps this linear.
    private readonly (int From, int To, bool Found)[] _seen = new (int, int, bool)[4];

    /// <summary>Whether an <c>@</c> follows in the same authority.</summary>
    /// <param name="start">Where the seeming host starts.</param>
    /// <param name="from">Where the seeming port ends.</param>
    /// <param name="encoded">Whether the whole address is percent-encoded, and so what ends it.</param>
    public bool Covers(int start, int from, bool encoded)
    {
        var opensUrl = Before(text, start) == '/';
        ref var seen = ref _seen[(encoded ? 2 : 0) + (opensUrl ? 1 : 0)];
        if (from < seen.From || from > seen.To) seen = LookAhead(from, encoded, opensUrl ? AuthorityEnds : ListEnds);
        return seen.Found;
    }

    private (int From, int To, bool Found) LookAhead(int from, bool encoded, string ends)
    {
        for (var at = from; at < text.Length;)
        {
            var (c, length) = encoded ? Read(text, at) : (text[at], 1);
            if (c == '@') return (from, at, true);
            if (ends.Contains(c, StringComparison.Ordinal) || char.IsWhiteSpace(c)) return (from, at, false);
            at += length;
        }

        return (from, text.Length, false);
    }
}
