using System.Text.RegularExpressions;

namespace InstanceKit.Addresses;

/// <summary>The variables whose default a value of a source file is.</summary>
/// <param name="Variables">Their names: the value counts if none of them is set. Of several, the first.</param>
/// <param name="IsForEmpty">Whether it also counts where they are set to an empty text.</param>
internal sealed record SourceDefault(IReadOnlyList<string> Variables, bool IsForEmpty)
{
    /// <summary>The other variables of which a constant is the default.</summary>
    public IReadOnlyList<SourceDefault> Others { get; init; } = [];
}

/// <summary>
/// Finds what a value is the default of, by the code before it: <c>process.env.X ?? 'v'</c>, <c>os.getenv("X", "v")</c>,
/// <c>X: z.string().default('v')</c>, <c>const { X = 'v' } = process.env</c>, <c>${X:-v}</c>.
/// </summary>
internal static partial class SourceDefaults
{
    private const int MostLevels = 4;
    private const int Farthest = 400;

    // A variable that is read: process.env.X, import.meta.env.X, ENV["X"], getenv("X"), config.get<string>('X').
    private const string Read =
        """
        (?:[\w$.?!]*?(?:env|ENV|Env|environ|config|Config)\)?!?(?:\?\.|\.(?!get)|(?=\[))(?:\[\s*["'])?(?<n>[A-Z][A-Z0-9_]+)(?:["']\s*\])?(?![\w(]))
        |(?:(?<c>[\w$.:]*(?:env|Env|ENV|config|Config|fetch|[gG]et|env::var)\w*)(?:<[^<>()]*>)?!?\(\s*["'](?<n>[A-Z][A-Z0-9_]+)["'](?:\s*,\s*(?:None|null|nil|undefined|""|''))?\s*\))
        """;

    private const string Tail = """(?>(?:\s|\)|!|\bas\s+\w+(?:\s*\|\s*\w+)*|\??\.\w+\([^()]*\))*)""";

    /// <summary>What the value is the default of; <see langword="null"/> if nothing.</summary>
    /// <param name="start">Where the value starts, with its quote.</param>
    /// <param name="end">Where it ends, exclusive.</param>
    public static SourceDefault? Find(SourceText source, int start, int end) =>
        Find(source, start - Prefix().Match(source.Text, Math.Max(0, start - 3), Math.Min(3, start)).Length, end, MostLevels);

    /// <summary>The default in the expansion of a variable, <c>${X:-v}</c>, in which a position lies.</summary>
    public static (int Start, int End)? ExpansionAt(string text, int position)
    {
        var from = text.LastIndexOf("${", position, Math.Min(position + 1, Farthest / 2), StringComparison.Ordinal);
        if (from < 0 || Expansion().Match(text, from, Math.Min(text.Length - from, Farthest)) is not { Success: true } match)
            return null;
        var start = match.Index + match.Length;
        var end = text.IndexOf('}', start);
        return match.Index == from && start <= position && position < end && text.AsSpan(start, end - start).IndexOfAny("$\n") < 0 ? (start, end) : null;
    }

    private static SourceDefault? Find(SourceText source, int start, int end, int levels)
    {
        if (levels == 0)
            return null;
        var text = source.Text;
        if (ExpansionAt(text, start) is var (inner, close) && inner == start && close == end)
            return OfExpansion(text[..start]);
        var (from, stop) = source.SegmentBefore(start);
        var segment = text[from..start];
        if (OfRead(segment) is { } read)
            return stop is '(' or ',' && Call(source, start, stop) is { } outer && IsReader(outer.Callee)
                ? Join(Find(source, outer.Start, end, levels - 1), read) : read;
        var isFirst = Lead().IsMatch(segment) || Choice().IsMatch(segment);
        if (stop == '[' && isFirst)
            return Find(source, from - 1, end, levels - 1);
        if (stop == '{' && string.IsNullOrWhiteSpace(segment))
            return OfBlock(source, from - 1);
        if (Destructured().Match(segment) is { Success: true } own && stop is '{' or ',' && IsFromEnvironment(text, end))
            return new SourceDefault([own.Groups["n"].Value], IsForEmpty: false);
        if (stop is '{' or ',' && OptionKey().IsMatch(segment))
            return OfOption(source, start);
        return stop is '(' or ',' && Call(source, start, stop) is { } call
            ? OfCall(source, call, segment, isFirst, end, levels)
            : OfField(source, segment, from) ?? OfConstant(source, segment, start);
    }

    private static SourceDefault? OfExpansion(string before)
    {
        var match = Expansion().Match(before, before.LastIndexOf("${", StringComparison.Ordinal));
        return new SourceDefault([match.Groups["n"].Value], match.Groups["s"].Value.StartsWith(':') && match.Groups["s"].Length > 1);
    }

    private static SourceDefault? OfRead(string segment)
    {
        var match = Fallback().Match(segment);
        if (!match.Success)
            match = Conditional().Match(segment);
        if (!match.Success || match.Groups["c"].Captures.Any(c => !IsReader(c.Value)))
            return null;
        var operation = match.Groups["op"].Value;
        return new SourceDefault(NamesOf(match), operation is not ("??" or "??=" or "else"));
    }

    /// <summary>Whether a value is only the base of a path, which names no port: <c>new URL(path, 'http://localhost')</c>.</summary>
    public static bool IsBase(SourceText source, int start, string value) =>
        BaseOnly().IsMatch(value) && source.SegmentBefore(start).Stop == ',' && Call(source, start, ',')?.Callee is "URL" or "new URL";

    private static string[] NamesOf(Match match) =>
        [.. match.Groups["n"].Captures.OrderBy(c => c.Index).Select(c => c.Value).Distinct()];

    /// <summary>The call in whose arguments a value stands.</summary>
    private static (string Callee, int Start, int Open, string Arguments)? Call(SourceText source, int start, char stop)
    {
        var (open, bracket) = source.SegmentBefore(start, overCommas: stop == ',');
        if (bracket != '(')
            return null;
        var text = source.Text;
        var (from, _) = source.SegmentBefore(open - 1);
        var callee = text[from..(open - 1)];
        var name = Callee().Match(callee).Value;
        return (name, open - 1 - name.Length, open, text[open..start]);
    }

    private static SourceDefault? OfCall(
        SourceText source, (string Callee, int Start, int Open, string Arguments) call, string segment, bool isFirst, int end, int levels)
    {
        var (from, _) = source.SegmentBefore(call.Open - 1);
        var chain = source.Text[from..(call.Open - 1)];
        if (FirstName().Match(call.Arguments) is { Success: true } given && (string.IsNullOrWhiteSpace(segment) || Keyword().IsMatch(segment)))
        {
            return IsReader(call.Callee)
                ? Join(Find(source, call.Start, end, levels - 1), new SourceDefault([given.Groups["n"].Value], IsForEmpty: false)) : null;
        }

        if (!isFirst && !Optional().IsMatch(chain))
            return null;
        if (SchemaDefault().IsMatch(chain) || Optional().IsMatch(chain))
            return Key().Match(chain) is { Success: true } key ? new SourceDefault([key.Groups["n"].Value], IsForEmpty: false) : null;
        if (OrElse().IsMatch(chain))
            return ReadIn().Match(chain) is { Success: true } read ? new SourceDefault(NamesOf(read), IsForEmpty: false) : null;
        return Conversion().IsMatch(call.Callee) ? Find(source, call.Start, end, levels - 1) : null;
    }

    /// <summary>A block that makes the default: <c>ENV.fetch("X") { "v" }</c>.</summary>
    private static SourceDefault? OfBlock(SourceText source, int brace)
    {
        var (from, _) = source.SegmentBefore(brace);
        return ReadIn().Match(source.Text[from..brace].TrimEnd()) is { Success: true } read && source.Extension is ".rb" or ".kt"
            ? new SourceDefault(NamesOf(read), IsForEmpty: false) : null;
    }

    /// <summary>An option of a validator: <c>X: str({ default: 'v' })</c>.</summary>
    private static SourceDefault? OfOption(SourceText source, int start)
    {
        var (open, bracket) = source.SegmentBefore(start, overCommas: true);
        if (bracket != '{' || !source.Text.AsSpan(0, open - 1).TrimEnd().EndsWith("("))
            return null;
        var call = source.Text.LastIndexOf('(', open - 1);
        var (from, _) = source.SegmentBefore(call);
        return Key().Match(source.Text[from..call]) is { Success: true } key ? new SourceDefault([key.Groups["n"].Value], IsForEmpty: false) : null;
    }

    /// <summary>A field of Pydantic's settings, which reads the variable of its name.</summary>
    private static SourceDefault? OfField(SourceText source, string segment, int from) =>
        source.Extension == ".py" && from > 0 && Field().Match(segment) is { Success: true } field
            && source.Text.Contains("BaseSettings", StringComparison.Ordinal) && !source.Text.Contains("env_prefix", StringComparison.Ordinal)
            ? new SourceDefault([field.Groups["n"].Value.ToUpperInvariant()], IsForEmpty: false) : null;

    /// <summary>A constant that is only used as the default of a variable.</summary>
    private static SourceDefault? OfConstant(SourceText source, string segment, int start)
    {
        if (Constant().Match(segment) is not { Success: true } constant)
            return null;
        var name = constant.Groups["n"].Value;
        var uses = new List<SourceDefault>();
        for (var at = source.Text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = source.Text.IndexOf(name, at + name.Length, StringComparison.Ordinal))
        {
            var after = at + name.Length;
            if (at >= start - segment.Length && at < start || source.TokenAt(at) is not null || IsWordChar(source.Text, at - 1) || IsWordChar(source.Text, after))
                continue;
            if (Find(source, at, after, MostLevels - 1) is not { } use)
                return null;
            uses.Add(use);
        }

        return uses.Count == 0 ? null : uses[0] with { Others = uses[1..] };
    }

    private static bool IsWordChar(string text, int at) => at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '$');

    private static bool IsFromEnvironment(string text, int end) =>
        FromEnvironment().IsMatch(text.AsSpan(end, Math.Min(Farthest, text.Length - end)));

    private static bool IsReader(string callee) => Reader().IsMatch(callee) && !NoReader().IsMatch(callee);

    private static SourceDefault Join(SourceDefault? outer, SourceDefault inner) =>
        outer is null ? inner : new SourceDefault([.. outer.Variables.Concat(inner.Variables).Distinct()], outer.IsForEmpty && inner.IsForEmpty);

    [GeneratedRegex($$"""(?:(?:{{Read}}){{Tail}}(?<op>\?\?=?|\|\|=?|\?:|\bor\b)[\s(]*)+(?:(?>[^?;{}=]*)\?(?![?.])[\s(]*(?:[^;{}=]*:[\s(]*)?)?\z""", RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Fallback();

    [GeneratedRegex($$"""(?:{{Read}})[^;{},]*?(?:(?<op>\?)(?![?.])[^;{},]*:|\b(?<op>else)\b)\s*\z""", RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Conditional();

    [GeneratedRegex($$"""(?:{{Read}}){{Tail}}(?:\.\w+)?\z""", RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex ReadIn();

    [GeneratedRegex(@"\A\w+://[^:/]+/?\z")]
    private static partial Regex BaseOnly();

    [GeneratedRegex(@"(?<!\w)[a-zA-Z@$]{1,2}\z")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\A\s*(?:\|\w*\||\(\)\s*[-=]>)?\s*\z")]
    private static partial Regex Lead();

    [GeneratedRegex(@"\A[\s(]*[^?;{}=,]+\?(?![?.])\s*(?:[^;{}=,]*:\s*)?\z")]
    private static partial Regex Choice();

    [GeneratedRegex(@"(?:new\s+)?[\w$.]*(?:<[^<>()]*>)?\z")]
    private static partial Regex Callee();

    [GeneratedRegex(@"\A(?:new\s+)?(?:Number|parseInt|parseFloat|Number\.parseInt|String|int|str|Int|URL|Integer\.parseInt|Integer\.valueOf|int\.Parse|strconv\.Atoi|URI\.create|\w*\.split)?\z")]
    private static partial Regex Conversion();

    [GeneratedRegex("""\A\s*["'](?<n>[A-Z][A-Z0-9_]+)["']\s*,""")]
    private static partial Regex FirstName();

    [GeneratedRegex(@"\A\s*(?:default|fallback)\s*[=:]\s*\z")]
    private static partial Regex Keyword();

    [GeneratedRegex(@"(?:env|environ|config|fetch|get|default|option|setting|^str|^url|^(?:or|with)_?default)", RegexOptions.IgnoreCase)]
    private static partial Regex Reader();

    [GeneratedRegex("storage|header|cookie|param|query|session|cache|map|element|attribute", RegexOptions.IgnoreCase)]
    private static partial Regex NoReader();

    [GeneratedRegex(@"\.\s*(?:default|catch|prefault|fallback)\s*\z")]
    private static partial Regex SchemaDefault();

    [GeneratedRegex(@"\b(?:optional|nullish|fallback)\s*\z")]
    private static partial Regex Optional();

    [GeneratedRegex(@"\.\s*(?:unwrap_or(?:_else)?|or_?[eE]lse|getOrElse)\s*\z")]
    private static partial Regex OrElse();

    [GeneratedRegex("""\A\s*["']?(?<n>[A-Z][A-Z0-9_]+)["']?\s*:(?!:)""")]
    private static partial Regex Key();

    [GeneratedRegex("""\A\s*["']?(?:default|devDefault|fallback|defaultValue)["']?\s*:\s*\z""")]
    private static partial Regex OptionKey();

    [GeneratedRegex(@"\A\s*(?<n>[A-Z][A-Z0-9_]+)(?:\s*:\s*\w+)?\s*=\s*\z")]
    private static partial Regex Destructured();

    [GeneratedRegex(@"\A[^{}]*\}\s*=\s*[\w.$]*(?:env|Env)\b")]
    private static partial Regex FromEnvironment();

    [GeneratedRegex(@"\A\s+(?<n>[a-z_][\w]*)\s*:\s*[\w\[\], .|""']+=\s*\z")]
    private static partial Regex Field();

    [GeneratedRegex(@"\A\s*(?:(?:export|const|let|var|final|static|readonly|val|private|public|internal|protected|string|String)\s+)*(?<n>[A-Za-z_]\w{3,})\s*(?::\s*[\w.&']+\s*)?:?=\s*\z")]
    private static partial Regex Constant();

    [GeneratedRegex(@"\$\{(?<n>[A-Z][A-Z0-9_]*)(?<s>:[-=]?|[-=])")]
    private static partial Regex Expansion();
}
