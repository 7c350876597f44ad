using System.Buffers;
using System.Text;
using System.Text.Unicode;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Models;

/// <summary>
/// The only way to read YAML. The library builds and compares nodes recursively, and follows all aliases: a text
/// that is nested, refers to itself or grows by aliases is refused by its events, before there is a node.
/// </summary>
internal static class YamlText
{
    /// <summary>How many lists and mappings may lie within each other, aliases followed.</summary>
    public const int Deepest = 100;

    private const int MostCharacters = 2_000_000;
    private const int MostNodes = 200_000;

    /// <summary>Reads the documents of a text.</summary>
    /// <exception cref="YamlException">The text isn't YAML, or is beyond the limits; with line and column.</exception>
    public static IReadOnlyList<YamlDocument> Load(string text)
    {
        if (text.Length > MostCharacters)
            throw new BeyondLimitsException(new Mark(0, 1, 1), $"The file is larger than {MostCharacters / 1_000_000} MB");
        if (text.IndexOf('\0') is >= 0 and var zero)
            throw At(text, zero, "A NUL character is not allowed");
        var (stream, parser) = (new YamlStream(), new GuardedParser(text.TrimStart('\uFEFF')));
        try
        {
            stream.Load(parser);
            return [.. stream.Documents];
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException
            or FormatException or OverflowException or NullReferenceException or InvalidCastException or KeyNotFoundException)
        {
            // The library fails on some texts, such as one that ends within a flow sequence.
            throw parser.Refused("The file is not valid YAML");
        }
    }

    /// <summary>The error in a text, or <see langword="null"/>; a text beyond the limits must not be passed to other parsers.</summary>
    public static (int Line, int Column, string Reason, bool IsBeyondLimits)? Check(string text)
    {
        try
        {
            Load(text);
            return null;
        }
        catch (YamlException e)
        {
            return ((int)e.Start.Line, (int)e.Start.Column, ReasonOf(e), e is BeyondLimitsException);
        }
    }

    /// <summary>Decodes a file's bytes: UTF-8, or UTF-16 with a byte order mark.</summary>
    /// <exception cref="YamlException">They are not text in that encoding; with line and column.</exception>
    public static string Decode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..])
            return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes is [0xFE, 0xFF, ..])
            return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
        var text = new char[bytes.Length];
        if (Utf8.ToUtf16(bytes, text, out var read, out var written, replaceInvalidSequences: false) != OperationStatus.Done)
            throw At(new string(text, 0, written), written, $"The byte 0x{bytes[read]:X2} is not UTF-8");
        return new string(text, 0, written);
    }

    /// <summary>What is wrong, in one line.</summary>
    public static string ReasonOf(YamlException e) => (e.InnerException ?? e).Message.Split('\n')[0].TrimEnd('.', '\r');

    private static YamlException At(string text, int position, string reason)
    {
        var before = text.AsSpan(0, position);
        var mark = new Mark(position, before.Count('\n') + 1, position - before.LastIndexOf('\n'));
        return new YamlException(mark, mark, reason);
    }

    /// <summary>The text may be YAML, but exceeds the limits.</summary>
    private sealed class BeyondLimitsException(Mark mark, string reason) : YamlException(mark, mark, reason);

    /// <summary>A parser that enforces the limits.</summary>
    private sealed class GuardedParser(string text) : IParser
    {
        private readonly Parser _inner = new(new StringReader(text));
        private readonly Dictionary<string, Shape> _anchors = new(StringComparer.Ordinal);
        private readonly Stack<(string? Anchor, long Nodes, int Height)> _open = new();
        private long _nodes;

        public ParsingEvent? Current => _inner.Current;

        public bool MoveNext()
        {
            if (!_inner.MoveNext())
                return false;
            switch (_inner.Current)
            {
                case DocumentStart:
                    _anchors.Clear();
                    break;
                case Scalar scalar:
                    if (!IsText(scalar.Value))
                        throw Refused("A NUL character or half of a surrogate pair is not allowed");
                    Count(1);
                    Close(NameOf(scalar), new Shape(1, 0));
                    break;
                case NodeEvent and (SequenceStart or MappingStart):
                    if (_open.Count == Deepest)
                        throw Beyond("The file is nested too deeply");
                    Count(1);
                    var anchor = NameOf((NodeEvent)_inner.Current);
                    if (anchor is not null)
                        _anchors[anchor] = Shape.Open;
                    _open.Push((anchor, 1, 1));
                    break;
                case AnchorAlias alias:
                    Follow(alias);
                    break;
                case SequenceEnd or MappingEnd:
                    var (own, nodes, height) = _open.Pop();
                    Close(own, new Shape(nodes, height));
                    break;
            }

            return true;
        }

        private void Follow(AnchorAlias alias)
        {
            if (!_anchors.TryGetValue(alias.Value.Value, out var shape))
                throw Refused($"The alias *{alias.Value} refers to an undefined anchor");
            if (shape == Shape.Open)
                throw Beyond($"The anchor &{alias.Value} contains itself");
            if (_open.Count + shape.Height > Deepest)
                throw Beyond("The file is nested too deeply by its aliases");
            Count(shape.Nodes);
            Close(null, shape);
        }

        private void Count(long nodes)
        {
            _nodes += nodes;
            if (_nodes > MostNodes)
                throw Beyond($"The file has more than {MostNodes} values with its aliases expanded");
        }

        private void Close(string? anchor, Shape shape)
        {
            if (anchor is not null)
                _anchors[anchor] = shape;
            if (_open.TryPop(out var parent))
                _open.Push((parent.Anchor, parent.Nodes + shape.Nodes, Math.Max(parent.Height, shape.Height + 1)));
        }

        /// <summary>The error at the place that was read last.</summary>
        public YamlException Refused(string reason) => new(Place, Place, reason);

        private BeyondLimitsException Beyond(string reason) => new(Place, reason);

        private Mark Place => _inner.Current?.Start ?? new Mark(0, 1, 1);

        /// <summary>Paths, processes and JSON can't contain anything else.</summary>
        private static bool IsText(string value)
        {
            for (var i = value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < value.Length; i++)
            {
                if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                    i++;
                else if (char.IsSurrogate(value[i]))
                    return false;
            }

            return !value.Contains('\0');
        }

        private static string? NameOf(NodeEvent node) => node.Anchor.IsEmpty ? null : node.Anchor.Value;

        /// <summary>The value of an anchor.</summary>
        /// <param name="Nodes">How many nodes, aliases followed.</param>
        /// <param name="Height">How many lists and mappings lie within each other.</param>
        private readonly record struct Shape(long Nodes, int Height)
        {
            /// <summary>That of a list or mapping that is not yet closed.</summary>
            public static Shape Open => new(0, 0);
        }
    }
}

/// <summary>A place in a compose file, for errors and for what its paths are relative to.</summary>
/// <param name="File">The file's path for display.</param>
/// <param name="Folder">The absolute path that paths in it are relative to.</param>
/// <param name="Path">The keys down to it: <c>services.db.ports</c>; empty for the whole file.</param>
/// <param name="Home">What <c>~</c> in a path means, or <see langword="null"/>.</param>
internal sealed record ComposePlace(string File, string Folder, string Path, string? Home)
{
    private const int LongestShown = 300;
    private const string Fix = "Fix the file; nothing was written.";

    private const string Install =
        "Install Docker with the Compose plugin, which reads every compose file: https://docs.docker.com/compose/install/";

    /// <summary>A place below this one.</summary>
    public ComposePlace At(string key) => this with { Path = Path.Length == 0 ? key : $"{Path}.{key}" };

    /// <summary>The error for what Compose would also reject.</summary>
    public InstanceKitException Wrong(string reason) =>
        InstanceKitException.Usage($"{Name} {Short(reason)}.", Fix);

    /// <summary>The error for a text that isn't YAML, with its line and column.</summary>
    public InstanceKitException NotYaml(YamlException e) =>
        InstanceKitException.Usage($"{File}({e.Start.Line},{e.Start.Column}): {YamlText.ReasonOf(e)}.", Fix);

    /// <summary>The error for what only Compose supports.</summary>
    public InstanceKitException Unknown(string reason) =>
        InstanceKitException.Usage($"{Name} {Short(reason)}; only Docker Compose supports that, and it is not installed.", Install);

    /// <summary>The absolute path that a path in the file means.</summary>
    public string Resolve(string path)
    {
        if (path.Contains('\0'))
            throw Wrong("has a path with a NUL character");
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            return System.IO.Path.GetFullPath((Home ?? throw Wrong($"has '{path}', and the home directory is unknown")) + path[1..]);
        return IsDrive(path) || path.StartsWith('/')
            ? path
            : System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, Folder));
    }

    /// <summary>Whether a path starts with a Windows drive; like Compose, on every system.</summary>
    public static bool IsDrive(string path) =>
        path is [var letter, ':', '/' or '\\', ..] && char.IsAsciiLetter(letter);

    private string Name => Path.Length == 0 ? $"{File}:" : $"{File}: {Short(Path)}";

    private static string Short(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";
}
