using Manual;

namespace Hosting;

/// <summary>First words that are no targets: tests and shells ask them, and no engine has to start for the answer.</summary>
internal static class HiddenWords
{
    /// <summary>Writes docs/cli.md.</summary>
    private const string Manual = "_manual";

    /// <summary>Answers a hidden word.</summary>
    /// <returns>The exit code; <see langword="null"/> when the words are an ordinary command line.</returns>
    public static int? Answer(IReadOnlyList<string> words, Type buildType, Func<Handbook> handbook) => words switch
    {
        [Manual] => WriteManual(new ManualText(handbook(), ParameterCatalog.Of(buildType))),
        _ => null,
    };

    private static int WriteManual(ManualText manual)
    {
        var gaps = manual.Gaps().ToList();
        foreach (var gap in gaps)
            BuildStreams.Progress.WriteLine(gap);
        foreach (var line in gaps.Count > 0 ? [] : manual.Lines())
            BuildStreams.Data.WriteLine(line);
        return gaps.Count > 0 ? 1 : 0;
    }
}
