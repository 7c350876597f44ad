using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using InstanceKit.Env;
using InstanceKit.Models;
using Xunit;

namespace InstanceKit.Tests.Env;

/// <summary>Reading agrees with npm's <c>dotenv</c>, and with Node's <c>util.parseEnv</c> where those agree.</summary>
public sealed class DotEnvOracleTests
{
    /// <summary>Files, what dotenv 16 and 17 read from them, and whether Node reads the same.</summary>
    private static readonly (string Text, string Json, bool NodeAgrees)[] Table =
    [
        ("A=1", """{"A":"1"}""", true),
        ("A = 1 ", """{"A":"1"}""", true),
        ("export A=1", """{"A":"1"}""", true),
        ("  A=1", """{"A":"1"}""", true),
        ("A=", """{"A":""}""", true),
        ("A=''", """{"A":""}""", true),
        ("A='x y'", """{"A":"x y"}""", true),
        ("A=\"x y\"", """{"A":"x y"}""", true),
        ("A=`x y`", """{"A":"x y"}""", true),
        ("A=a # c", """{"A":"a"}""", true),
        ("A=a#c", """{"A":"a"}""", true),
        ("A=#c", """{"A":""}""", true),
        ("A='a # b' # c", """{"A":"a # b"}""", true),
        ("A='x'\t#c", """{"A":"x"}""", true),
        ("A=\"a\\nb\"", """{"A":"a\nb"}""", true),
        ("A='a\\nb'", """{"A":"a\\nb"}""", true),
        ("A=a\\nb", """{"A":"a\\nb"}""", true),
        ("A=\"a\nb\"", """{"A":"a\nb"}""", true),
        ("A='a\nb'", """{"A":"a\nb"}""", true),
        ("A=`a\nb`", """{"A":"a\nb"}""", true),
        ("A=\"a\r\nb\"", """{"A":"a\nb"}""", true),
        ("A=1\r\nB=2", """{"A":"1","B":"2"}""", true),
        ("A=1\nA=2", """{"A":"2"}""", true),
        ("a.b-c=1", """{"a.b-c":"1"}""", true),
        ("A={\"x\": \"y\"}", """{"A":"{\"x\": \"y\"}"}""", true),
        ("A=x=y==", """{"A":"x=y=="}""", true),
        ("A=\"abc\nB=1", """{"A":"\"abc","B":"1"}""", true),
        ("A=\nB=1", """{"A":"","B":"1"}""", true),
        ("A=$B\nB=${A}", """{"A":"$B","B":"${A}"}""", true),
        ("A", "{}", true),
        ("=1", "{}", true),
        ("A:1", "{}", true),

        // From here Node differs between its own versions too; the apps of these stacks load dotenv, so dotenv counts.
        ("A=\"a\\rb\"", """{"A":"a\rb"}""", false),
        ("A=1\rB=2", """{"A":"1","B":"2"}""", false),
        ("A: 1", """{"A":"1"}""", false),
        ("A:\nB=1", """{"A":"B=1"}""", false),
        ("A='it's'", """{"A":"it's"}""", false),
        ("A='a'b", """{"A":"'a'b"}""", false),
        ("A='abc", """{"A":"'abc"}""", false),
        ("A=\"say \\\"hi\\\"\"", """{"A":"say \\\"hi\\\""}""", false),
        ("A=\n'x'", """{"A":"x"}""", false),
        ("A\n=x", """{"A":"x"}""", false),
        ("A=\tx\t", """{"A":"x"}""", false),
        ("# A=1", "{}", false),
        ("export\nA=1", """{"A":"1"}""", false),
        ("\uFEFFA=1", """{"A":"1"}""", false),
    ];

    public static TheoryData<string, string> Rows
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var (text, json, _) in Table) rows.Add(text, json);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Values_are_what_dotenv_reads(string text, string json) => Assert.Equal(Sorted(json), Read(text));

    [Fact]
    public async Task Values_are_what_Node_reads_where_Node_follows_dotenv()
    {
        const string script =
            """
            const { parseEnv } = require('node:util');
            if (!parseEnv) process.exit(9);
            const texts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
            process.stdout.write(JSON.stringify(texts.map(text => JSON.stringify(parseEnv(text)))));
            """;
        var shared = Table.Where(row => row.NodeAgrees).Select(row => row.Text).ToList();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        if (!IsOnPath("node")) Assert.Skip("node is not on PATH");

        var run = await Cli.Wrap("node").WithArguments(["-e", script])
            .WithStandardInputPipe(PipeSource.FromString(JsonSerializer.Serialize(shared)))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(limit.Token);
        if (run.ExitCode == 9) Assert.Skip("this node has no util.parseEnv (it came with 20.12 and 21.7)");
        Assert.True(run.ExitCode == 0, run.StandardError);

        var read = JsonSerializer.Deserialize<string[]>(run.StandardOutput)!;
        Assert.All(shared.Zip(read), row => Assert.Equal(Sorted(row.Second), Read(row.First)));
    }

    private static bool IsOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));

    private static SortedDictionary<string, string> Sorted(string json) =>
        new(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!, StringComparer.Ordinal);

    private static SortedDictionary<string, string> Read(string text)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in DotEnvDocument.Parse(text).Entries) values[entry.Key] = entry.Value;
        return values;
    }
}
