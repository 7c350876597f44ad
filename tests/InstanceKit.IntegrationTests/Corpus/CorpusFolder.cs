using BlackBox;
using InstanceKit.Tests;

namespace InstanceKit.IntegrationTests.Corpus;

/// <summary>A throw-away copy of cases of the corpus, each in a folder of its name.</summary>
internal sealed class CorpusFolder : IDisposable
{
    private const string Reason = "# Not run: ";

    // So many as an engine on a small machine can start, or create, at once.
    private const int StartedBatch = 12;
    private const int CreatedBatch = 32;

    // The engine gives these out when a container starts. Names, networks, address ranges and volumes it gives to whom it creates.
    private static readonly string[] GivenAtStart = ["ports-", "network-external-address", "network-subnet", "mode-", "one-shot", "depends-on", "dns", "replicas"];

    // What changes in these is a value that only the container itself reads: that Compose has it is recorded.
    private static readonly string[] OfValues =
    [
        "anchors", "build-", "command-", "dollars", "entrypoint", "environment-", "extends-", "healthcheck-disabled", "healthcheck-shell", "include",
        "labels-", "literal-", "merge-keys", "multi-line", "ports-interpolated", "ports-long-number", "ports-from-env-file", "several-files", "unicode",
        "yaml-types",
    ];

    private CorpusFolder(IReadOnlyList<string> names)
    {
        Names = names;
        foreach (var file in names.SelectMany(n => Directory.EnumerateFiles(SourceOf(n), "*", SearchOption.AllDirectories)))
        {
            var copy = PathOf(Path.GetRelativePath(Source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>The cases.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The folder, absolute.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("ik-corpus-").FullName;

    /// <summary>The cases that can be run, and have to be: those that are started, and those of which it is enough that they are created.</summary>
    public static IReadOnlyList<(IReadOnlyList<string> Names, bool IsStarted)> Batches { get; } =
    [
        .. All().Where(IsRunnable).Where(n => StartsWithAny(n, GivenAtStart)).Chunk(StartedBatch).Select(names => (names, true)),
        .. All().Where(IsRunnable).Where(n => !StartsWithAny(n, GivenAtStart)).Chunk(CreatedBatch).Select(names => (names, false)),
    ];

    private static string Source => Repository.PathOf(CorpusStack.Folder.Split('/'));

    /// <summary>All cases.</summary>
    public static CorpusFolder OfAll() => new(All());

    /// <summary>Some of the cases that an engine with nothing but the test images can run.</summary>
    public static CorpusFolder OfRunnable(int batch) => new(Batches[batch].Names);

    /// <summary>A path in the folder.</summary>
    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(Root, recursive: true);

    private static bool StartsWithAny(string name, string[] beginnings) => beginnings.Any(b => name.StartsWith(b, StringComparison.Ordinal));

    private static string SourceOf(string name) => Path.Combine(Source, name);

    private static bool IsRunnable(string name) => !StartsWithAny(name, OfValues) &&
        !File.ReadAllText(Path.Combine(SourceOf(name), "compose.yml")).StartsWith(Reason, StringComparison.Ordinal);

    private static IReadOnlyList<string> All() =>
        [.. Directory.EnumerateDirectories(Source).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];
}
