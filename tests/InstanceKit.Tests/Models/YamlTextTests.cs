using System.Diagnostics;
using System.Text;
using InstanceKit.Models;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Models;

/// <summary>YAML that would end the process, or fill the memory, is refused with its place.</summary>
public sealed class YamlTextTests
{
    public static TheoryData<string, string> Hostile => new()
    {
        { new string('[', 60_000), "nested too deeply" },
        { string.Concat(Enumerable.Repeat("{a: ", 60_000)), "nested too deeply" },
        { string.Concat(Enumerable.Range(0, 500).Select(i => $"{new string(' ', i)}a:\n")), "nested too deeply" },
        { string.Concat(Enumerable.Repeat("- ", 60_000)), "nested too deeply" },
        { "a: &a [*a]", "(1,8): The anchor &a contains itself" },
        { "a: &a {b: {c: *a}}", "contains itself" },
        { "a: *b\nb: &b [*b]", "(1,4): The alias *b refers to an undefined anchor" },
        { "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"a{i}: &a{i} [*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1}]\n")), "more than 200000 values" },
        { "a0: &a0 {x: 1}\n" + string.Concat(Enumerable.Range(1, 20).Select(i => $"a{i}: &a{i} {{<<: [*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1},*a{i - 1}]}}\n")), "more than 200000 values" },
        { "a0: &a0 [x]\n" + string.Concat(Enumerable.Range(1, 500).Select(i => $"a{i}: &a{i} [*a{i - 1}]\n")), "nested too deeply by its aliases" },
        { "a: " + new string('x', 3_000_000), "larger than 2 MB" },
        { "name: a\0", "(1,8): A NUL character" },
        { "name: \"a\\0b\"", "(1,7): A NUL character" },
        { "name: [a\n", "(2,1)" },
        { "services: {a: {image: x", "(2,1): While parsing" },
    };

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void What_would_end_the_process_is_refused_with_its_place(string text, string reason)
    {
        var clock = Stopwatch.StartNew();

        var stack = Assert.Throws<InstanceKitException>(() => StackFileReader.Read(text));
        var compose = Assert.Throws<InstanceKitException>(() => ComposeDocument.Read(new ComposeSource(
            "p", "/w", ["/w/compose.yml"], [], [], new Dictionary<string, string>(), _ => text)));

        Assert.Matches(@"^instancekit\.yml\(\d+,\d+\): ", stack.Message);
        Assert.Matches(@"^compose\.yml\(\d+,\d+\): ", compose.Message);
        Assert.Contains(reason, stack.Message, StringComparison.Ordinal);
        Assert.Contains(reason, compose.Message, StringComparison.Ordinal);
        Assert.Null(ComposeReferences.Find(text));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public void Aliases_and_merge_keys_of_a_usual_size_are_read()
    {
        var text = "x-a: &a {image: x}\nservices:\n" + string.Concat(Enumerable.Range(0, 500).Select(i => $"  s{i}: {{<<: *a, labels: &l{i} [a, b]}}\n"));

        Assert.Single(YamlText.Load(text));
        Assert.Single(YamlText.Load("\uFEFFname: a"));
    }

    [Fact]
    public void Chains_and_ranges_are_limited()
    {
        var services = string.Concat(Enumerable.Range(0, 5000).Select(i => $"  s{i}: {{image: x, depends_on: [s{i + 1}]}}\n"));
        Assert.Contains("a dependency chain of more than 1000", Refuse($"services:\n{services}  s5000: {{image: x}}\n"), StringComparison.Ordinal);
        services = string.Concat(Enumerable.Range(0, 5000).Select(i => $"  s{i}: {{extends: s{i + 1}}}\n"));
        Assert.Contains("a chain of more than 100", Refuse($"services:\n{services}  s5000: {{image: x}}\n"), StringComparison.Ordinal);
        Assert.Contains("more than 65535 ports", Refuse("services: {a: {image: x, ports: ['1-65535', '1-65535/udp']}}"), StringComparison.Ordinal);
        Assert.Contains("nested too deeply", Refuse($"services: {{a: {{image: '{string.Concat(Enumerable.Repeat("${A:-", 50_000))}{new string('}', 50_000)}'}}}}"), StringComparison.Ordinal);
        Assert.Contains("grow beyond", Refuse("services: {a: {image: x, env_file: [.env]}}", "A=xxxxxxxxxx\n" + string.Concat(Enumerable.Repeat("A=$A$A$A$A\n", 60))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'a', (byte)'\n', (byte)'b', 0xE9 }, 2, 2)]
    [InlineData(new byte[] { 0xC3 }, 1, 1)]
    public void What_is_not_UTF_8_is_refused_with_its_place(byte[] bytes, int line, int column)
    {
        var error = Assert.Throws<YamlDotNet.Core.YamlException>(() => YamlText.Decode(bytes));

        Assert.Equal((line, column), ((int)error.Start.Line, (int)error.Start.Column));
        Assert.Equal("a: é", YamlText.Decode(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a: é")).ToArray()));
    }

    private static string Refuse(string text, string? env = null) => Assert.Throws<InstanceKitException>(() => ComposeDocument.Read(new ComposeSource(
        "p", "/w", ["/w/compose.yml"], [], [], new Dictionary<string, string>(), path => path == "/w/.env" ? env : text))).Message;
}
