using CsCheck;

namespace InstanceKit.Tests.Env;

/// <summary>Generators of env files and of values for them, from plain to hostile.</summary>
internal static class DotEnvGen
{
    private static readonly Gen<string> Atom = Gen.OneOf<string>(
        "'", "\"", "`", "\\", "\\'", "\\\"", "\\`", "\n", "\r", "\r\n", "\n\n", "#", " #", "=", ":", ": ", " ", "\t",
        "\f", "\v", "\0", "\uFEFF", "\u0085", "\u00A0", "\u2028", "é", "😀", "\uD83D", "\uDE00", "export", "export ", "export\n",
        "A", "B", "A=", "B=", "C: ", "A='", "B=\"", "C=`", "x", "1", ".", "-", "$", "${A}", "${B}", "\\n", "\\r",
        "localhost:5433", "# >>> block\n", "# <<< block\n");

    /// <summary>Pieces that mean something to the parser, in any order.</summary>
    public static readonly Gen<string> Nasty = Atom.Array[0, 25].Select(string.Concat);

    /// <summary>Any text at all: mostly nasty pieces, else arbitrary UTF-16 units.</summary>
    public static readonly Gen<string> Text = Gen.Frequency<string>((4, Nasty), (1, Gen.String));

    /// <summary>Values that people write, and values that hurt.</summary>
    public static readonly Gen<string> Value =
        Gen.Frequency<string>((2, Gen.String[Gen.Char['!', '~'], 0, 12]), (3, Nasty), (1, Gen.String));

    /// <summary>A key that an env file can hold.</summary>
    public static readonly Gen<string> Key = Gen.OneOf<string>("A", "B", "C", "PORT", "X_PORT", "a.b", "a-b", "export", "_");

    private static readonly Gen<string> Newline = Gen.OneOf<string>("\n", "\r\n");

    private static readonly Gen<string> Line = Gen.OneOf<string>(
        Gen.Const(""),
        Gen.OneOf<string>("# a comment", "  # PORT=5433", "#A='", "not an assignment"),
        Gen.Select(
            Key,
            Gen.OneOf<string>("=", " = ", "= "),
            Gen.OneOf<string>("", "x", "5433", "redis://localhost:6379/0", "'a b'", "\"a\\nb\"", "`it's`",
                "'{\"url\":\"http://localhost:9000\"}'", "\"first\nsecond\""),
            Gen.OneOf<string>("", " # note", "  "),
            (key, equals, value, tail) => key + equals + value + tail),
        Gen.Select(Key, key => $"export {key}=y"));

    /// <summary>Files as people write them: every quote closed.</summary>
    public static readonly Gen<string> WellFormed = Gen.Select(Line.Array[0, 8], Newline, Gen.Bool,
        (lines, newline, ends) => string.Join(newline, lines) + (ends ? newline : ""));
}
