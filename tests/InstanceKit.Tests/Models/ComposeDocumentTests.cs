using System.Text.Json;
using InstanceKit.Models;
using InstanceKit.Tests.Compose;
using Xunit;

namespace InstanceKit.Tests.Models;

/// <summary>The reader of compose files agrees with what Compose itself was recorded to make of them.</summary>
public sealed class ComposeDocumentTests
{
    private const string Override = $"{CorpusStack.Workspace}/override.yml";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static TheoryData<string> Cases => [.. CorpusCase.Names];

    [Theory, MemberData(nameof(Cases))]
    public void Corpus_is_read_as_Compose_reads_it(string name)
    {
        var recorded = new CorpusCase(name);

        AssertSame(recorded.Model, Read(name, withOverride: false));
        AssertSame(recorded.Merged, Read(name, withOverride: true));
    }

    [Theory, InlineData("reading"), InlineData("studio"), InlineData("ties"), InlineData("spellings")]
    public void Recorded_files_are_read_as_Compose_reads_them(string name)
    {
        const string folder = "tests/InstanceKit.Tests/Compose";

        AssertSame(RecordedCompose.Model(name), Read(folder, [$"{CorpusStack.Workspace}/{name}.yml"], []));
    }

    /// <summary>As Compose 2.26.1 does.</summary>
    [Theory]
    [InlineData("services: {}", "")]
    [InlineData("name: other", "")]
    [InlineData("x-more: 1", "")]
    [InlineData("volumes: {data: {}}", "")]
    [InlineData("services: {a: {image: x}}", "a")]
    [InlineData("include: [empty.yml]\nservices: {a: {image: x}}", "a")]
    public void An_empty_file_beside_others_and_a_file_without_services_are_accepted(string text, string services)
    {
        var model = ComposeModelReader.Read(ComposeDocument.Read(new ComposeSource(
            "p", "/w", ["/w/empty.yml", "/w/compose.yml"], [], [], new Dictionary<string, string>(),
            path => path == "/w/compose.yml" ? text : "# nothing\n")));

        Assert.Equal(services, string.Join(' ', model.Services.Select(s => s.Name)));
    }

    private static ComposeModel Read(string name, bool withOverride)
    {
        var stack = new CorpusCase(name).Spec(1).Stack;
        var files = stack.ComposeFiles.Select(f => $"{CorpusStack.Workspace}/{f}").ToList();
        return Read($"{CorpusStack.Folder}/{name}", withOverride ? [.. files, Override] : files, stack.ComposeProfiles);
    }

    private static ComposeModel Read(string folder, IReadOnlyList<string> files, IReadOnlyList<string> profiles)
    {
        string? ReadText(string path)
        {
            var file = path == Override ? "override.golden.yml" : Path.GetRelativePath(CorpusStack.Workspace, path);
            var real = Path.Combine(RepositoryFiles.Root, folder, file);
            return File.Exists(real) ? File.ReadAllText(real) : null;
        }

        var env = $"{CorpusStack.Workspace}/.env";
        return ComposeModelReader.Read(ComposeDocument.Read(new ComposeSource(
            "shipsec-dev-1", CorpusStack.Workspace, files, ReadText(env) is null ? [] : [env], profiles,
            new Dictionary<string, string> { ["HOME"] = "/home/dev" }, ReadText)));
    }

    /// <summary>Down to the order, in which networks get their ranges.</summary>
    private static void AssertSame(ComposeModel recorded, ComposeModel read) => Assert.Equal(Print(recorded), Print(read));

    private static string Print(ComposeModel model) => JsonSerializer.Serialize(model with { Fingerprint = "" }, Indented);
}
