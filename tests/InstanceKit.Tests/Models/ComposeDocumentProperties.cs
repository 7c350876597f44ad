using CsCheck;
using InstanceKit.Models;
using InstanceKit.Tests.Compose;
using Xunit;

namespace InstanceKit.Tests.Models;

/// <summary>Whatever somebody writes into a compose file, they get a model or a reason.</summary>
public sealed class ComposeDocumentProperties
{
    private static readonly IReadOnlyList<string> Texts =
    [
        .. CorpusCase.Names.Select(n => RepositoryFiles.Read($"{CorpusStack.Folder}/{n}/compose.yml")),
        RepositoryFiles.Read("tests/InstanceKit.Tests/Compose/spellings.yml"),
    ];

    private static readonly string[] Values = ["", "null", "1", "x", "[]", "{}", "[1, {}]", "{a: {b: []}}", "true", "'${A:-'", "!reset null", "- a"];

    [Fact]
    public void Changed_line_gives_a_model_or_a_reason() => Gen.Select(Gen.Int[0, Texts.Count - 1], Gen.Int[0, 1000], Gen.Int[0, Values.Length - 1])
        .Sample((text, at, value) =>
        {
            var lines = Texts[text].Split('\n');
            var line = at % lines.Length;
            var colon = lines[line].IndexOf(':');
            lines[line] = colon < 0 ? Values[value] : $"{lines[line][..colon]}: {Values[value]}";
            var read = Record.Exception(() => { ComposeModelReader.Read(ComposeDocument.Read(new ComposeSource(
                "p", "/w", ["/w/compose.yml"], [], ["*"], new Dictionary<string, string>(),
                path => path == "/w/compose.yml" ? string.Join('\n', lines) : null))); });

            Assert.True(read is null or InstanceKitException, $"{string.Join('\n', lines)}\n{read}");
        }, iter: 5000);
}
