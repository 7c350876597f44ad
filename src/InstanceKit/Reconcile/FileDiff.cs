using System.Text.RegularExpressions;
using DiffPlex;
using DiffPlex.Model;
using InstanceKit.Logs;

namespace InstanceKit.Reconcile;

/// <summary>How an edited file differs from what would be written, in unified format, with secrets masked.</summary>
/// <param name="File">The file's path, relative to the workspace.</param>
/// <param name="Lines">
/// The first lines: <c>@@</c> at the start of a hunk, then unchanged lines, removed ones (<c>-</c>: the existing file) and added ones
/// (<c>+</c>: the generated file).
/// </param>
/// <param name="MoreLines">How many further lines are omitted.</param>
/// <param name="Hash">Changes with either text.</param>
/// <param name="IsNews">Whether it has not been shown like this before.</param>
public sealed record FileDiff(string File, IReadOnlyList<string> Lines, int MoreLines, string Hash, bool IsNews)
{
    /// <summary>The most lines of one difference.</summary>
    public const int MostLines = 40;

    private const int Context = 3;

    /// <summary>Compares.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="found">The text it has.</param>
    /// <param name="wanted">The text that would be written.</param>
    /// <param name="shown">The hash of the difference that was last shown; <see langword="null"/> for none.</param>
    public static FileDiff Between(string file, string found, string wanted, string? shown)
    {
        var difference = Differ.Instance.CreateLineDiffs(found, wanted, ignoreWhitespace: false, ignoreCase: false);
        var lines = difference.DiffBlocks.Count == 0
            ? ["  (only line endings differ)"]
            : Write(difference, SecretMask.Apply(difference.PiecesOld), SecretMask.Apply(difference.PiecesNew)).ToList();
        var hash = ContentHash.Of(found, wanted);
        return new FileDiff(
            file, [.. lines.Take(MostLines)], Math.Max(0, lines.Count - MostLines), hash, hash != shown);
    }

    private static IEnumerable<string> Write(DiffResult difference, IReadOnlyList<string> old, IReadOnlyList<string> fresh)
    {
        foreach (var piece in Pieces(difference.DiffBlocks))
        {
            var (first, last) = (piece[0], piece[^1]);
            var from = Math.Max(0, first.DeleteStartA - Context);
            var to = Math.Min(old.Count, last.DeleteStartA + last.DeleteCountA + Context);
            var grown = piece.Sum(b => b.InsertCountB - b.DeleteCountA);
            yield return $"@@ -{from + 1},{to - from} +{from + 1 + first.InsertStartB - first.DeleteStartA},{to - from + grown} @@";
            var at = from;
            foreach (var block in piece)
            {
                for (; at < block.DeleteStartA; at++)
                    yield return $" {old[at]}";
                for (; at < block.DeleteStartA + block.DeleteCountA; at++)
                    yield return $"-{old[at]}";
                for (var i = 0; i < block.InsertCountB; i++)
                    yield return $"+{fresh[block.InsertStartB + i]}";
            }

            for (; at < to; at++)
                yield return $" {old[at]}";
        }
    }

    /// <summary>Blocks so near to each other that the lines around them meet stand in one piece.</summary>
    private static IEnumerable<List<DiffBlock>> Pieces(IEnumerable<DiffBlock> blocks)
    {
        var piece = new List<DiffBlock>();
        foreach (var block in blocks)
        {
            if (piece.Count > 0 && block.DeleteStartA - (piece[^1].DeleteStartA + piece[^1].DeleteCountA) > 2 * Context)
            {
                yield return piece;
                piece = [];
            }

            piece.Add(block);
        }

        yield return piece;
    }
}

/// <summary>Masks what looks like a secret in the lines of an env or YAML file, so that they can be shown.</summary>
internal static partial class SecretMask
{
    private const string Mask = "***";

    /// <summary>The lines, as many as before, each without its secrets.</summary>
    public static IReadOnlyList<string> Apply(IReadOnlyList<string> lines)
    {
        var result = new List<string>(lines.Count);
        Rest? rest = null;
        foreach (var line in lines)
        {
            if (rest is not null && rest.Holds(line))
            {
                result.Add(Mask);
                rest = rest.EndsWith(line) ? null : rest;
                continue;
            }

            rest = RestAfter(line);
            result.Add(MaskLine(line));
        }

        return result;
    }

    private static string MaskLine(string line)
    {
        var masked = UrlPassword().Replace(line, Mask);
        masked = UserPassword().Replace(masked, Mask);
        masked = UrlToken().Replace(masked, Mask);
        masked = WebhookPath().Replace(masked, Mask);
        masked = KnownToken().Replace(masked, Mask);
        masked = Option().Replace(masked, m => m.Groups["name"].Value + Mask);
        return Assignment().Replace(masked, m => m.Groups["value"].Value is "" ? m.Value : m.Groups["name"].Value + Mask);
    }

    /// <summary>How many following lines belong to a secret that starts in this one: a quoted value, a block, a key in PEM format.</summary>
    private static Rest? RestAfter(string line)
    {
        if (line.Contains("-----BEGIN ", StringComparison.Ordinal) && !line.Contains("-----END ", StringComparison.Ordinal))
            return new Rest("-----END ", 0);
        if (NamedValue().IsMatch(line))
            return new Rest(null, IndentOf(line) - 1, IsOneLine: true);
        if (Assignment().Match(line) is not { Success: true } match)
            return null;
        var value = match.Groups["value"].Value;
        if (value.Length > 0 && value[0] is '"' or '\'' or '`')
            return value.IndexOf(value[0], 1) < 0 ? new Rest(value[0].ToString(), 0) : null;
        return value is "" || value[0] is '|' or '>' ? new Rest(null, IndentOf(line)) : null;
    }

    private static int IndentOf(string line) => line.Length - line.TrimStart().Length;

    /// <summary>The lines up to one that contains a text, or those indented deeper than the first.</summary>
    private sealed record Rest(string? End, int Indent, bool IsOneLine = false)
    {
        public bool Holds(string line) => End is not null || line.Trim().Length == 0 || IndentOf(line) > Indent;

        public bool EndsWith(string line) => IsOneLine || (End is not null && line.Contains(End, StringComparison.Ordinal));
    }

    /// <summary>Parts of a name whose value is a secret; short ones only match whole words.</summary>
    private const string Secret = "key|secret|token|passw|passphrase|pass|pwd|cred|auth|private|salt|cookie|signature"
        + "|(?<![a-z])(?:pw|sig|psk|otp)(?![a-z])|(?-i:Pw)(?-i:(?![a-z]))|(?-i:PW)(?![a-z])";

    [GeneratedRegex(@"(?<=://[^\s/:@""']*:)[^\s""']+(?=@)")]
    private static partial Regex UrlPassword();

    /// <summary>The password of <c>user:password@tcp(host:3306)/db</c>, which has no scheme; an image's digest is none.</summary>
    [GeneratedRegex(@"(?<=[\w.-]:)(?!//)[^\s""'@]+(?=@(?!sha\d+:))")]
    private static partial Regex UserPassword();

    /// <summary>The token of <c>https://token@host</c>, as in the DSN of an error tracker: any for HTTP, else only long ones.</summary>
    [GeneratedRegex(@"(?<=https?://)[^\s/:@""']+(?=@)|(?<=://)[^\s/:@""']{16,}(?=@)", RegexOptions.IgnoreCase)]
    private static partial Regex UrlToken();

    /// <summary>The path of a webhook's URL, which is all that protects it.</summary>
    [GeneratedRegex(@"(?<=https?://hooks\.[^\s/""']+/)[^\s""']+|(?<=(?:webhook|hook_?url)[\w.""']*\s*[:=]\s*[""']?https?://[^\s/""']+/)[^\s""']+"
        + @"|(?<=https?://[^\s/""']*webhook[^\s/""']*/)[^\s""']+|(?<=https?://[^\s/""']+/(?:[^\s""']*/)?webhooks?\w*/)[^\s""']+"
        + @"|(?<=https?://api\.telegram\.org/bot)[^\s""']+", RegexOptions.IgnoreCase)]
    private static partial Regex WebhookPath();

    /// <summary>Tokens with a known format, and those after the scheme of an Authorization header.</summary>
    [GeneratedRegex(@"\b(?:gh[pousr]_|github_pat_|glpat-|npm_|pypi-|xox[a-z]-|xapp-|sk-|[spr]k_(?:live|test)_|whsec_|AIza|AKIA|ASIA|SG\.|hf_|dop_v1_)[\w.-]{10,}"
        + @"|\beyJ[\w-]{8,}\.[\w.-]+|(?<=\b[Bb]earer\s+)[\w.~+/=-]{6,}|(?<=\b[Bb]asic\s+)[A-Za-z0-9+/]{8,}={0,2}(?=$|[\s""'])")]
    private static partial Regex KnownToken();

    /// <summary>A pair of lines, <c>name: DB_PASSWORD</c> and <c>value: ...</c>.</summary>
    [GeneratedRegex($@"^\s*(?:-\s+)?[""']?(?:name|key)[""']?\s*:\s*[""']?[\w.-]*(?:{Secret})[\w.-]*[""']?,?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex NamedValue();

    [GeneratedRegex($@"(?<name>[\w.-]*(?:{Secret})[\w.-]*[""']?\s*[:=]\s*)(?<value>.*)", RegexOptions.IgnoreCase)]
    private static partial Regex Assignment();

    [GeneratedRegex($@"(?<name>(?:^|\s|[""'])--?[\w-]*(?:{Secret})[\w-]*[""']?,?\s+)(?<value>\S+)", RegexOptions.IgnoreCase)]
    private static partial Regex Option();
}
