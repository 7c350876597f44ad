using System.Diagnostics;
using CsCheck;
using InstanceKit;
using InstanceKit.Verbs;
using Output;
using Cli;
using Xunit;

namespace Build.Tests.Rendering;

/// <summary>Lines that a shell evaluates give it just the values that went in, whatever they are.</summary>
public sealed class ExportTextTests
{
    /// <summary>What shells make something of, and what people write.</summary>
    private static readonly Gen<string> s_value = Gen.Frequency(
        (5, Gen.Char["'\"\\$`!*?~#&|;<>(){}[] \t\n\r%^=,-"].Select(c => c.ToString())),
        (2, Gen.OneOf<string>("$(id)", "`id`", "${HOME}", "''", "'\\''", "\\n", "\n\n", "ü", "€", "😀", "‘", "’", "‚", "‛", "“", "EOF", "a b")),
        (2, Gen.Char['a', 'z'].Select(c => c.ToString())))
        .List[0, 12].Select(string.Concat);

    [Theory]
    [InlineData("bash")]
    [InlineData("sh")]
    [InlineData("zsh")]
    public Task A_posix_shell_gets_what_went_in(string shell) =>
        GetsWhatWentInAsync(shell, ShellKind.Posix, ["-c", "eval \"$1\"; printenv -0 V", shell]);

    [Fact]
    public Task Fish_gets_what_went_in() => GetsWhatWentInAsync("fish", ShellKind.Fish, ["-c", "eval $argv[1]; printenv -0 V"]);

    [Fact]
    public Task PowerShell_gets_what_went_in() =>
        GetsWhatWentInAsync("pwsh", ShellKind.PowerShell, ["-NoProfile", "-CommandWithArgs", "Invoke-Expression $args[0]; printenv -0 V"]);

    /// <summary>What the manuals say of quotes, for where the shell is not installed.</summary>
    [Theory]
    [InlineData(ShellKind.Posix, "it's \\ $x", "export V='it'\\''s \\ $x'")]
    [InlineData(ShellKind.Fish, "it's \\ $x", "set -gx V 'it\\'s \\\\ $x'")]
    [InlineData(ShellKind.PowerShell, "it's \\ $x", "$env:V = 'it''s \\ $x'")]
    [InlineData(ShellKind.PowerShell, "‘’‚‛“", "$env:V = '‘‘’’‚‚‛‛“'")]
    [InlineData(ShellKind.Posix, "", "export V=''")]
    internal void Quotes_are_the_shells_own(ShellKind shell, string value, string line) => Assert.Equal(line, ExportText.Line(shell, "V", value));

    /// <summary>A shell's rules, in a few lines: what stands between the quotes is read back.</summary>
    [Fact]
    public void Fish_and_PowerShell_read_back_every_text_by_their_own_rules() => s_value.Sample(value =>
    {
        Assert.Equal(value, ReadFish(ExportText.Line(ShellKind.Fish, "V", value)["set -gx V ".Length..]));
        Assert.Equal(value, ReadPowerShell(ExportText.Line(ShellKind.PowerShell, "V", value)["$env:V = ".Length..]));
    });

    [Fact]
    public void Names_that_no_shell_knows_are_left_out_and_named()
    {
        var paper = Paper.File();

        ExportText.Write(paper.Output, [Environment(("A_1", "x"), ("a.b", "y"), ("1A", "z"), ("$(id)", "w"), ("", "v"))], ShellKind.Posix);

        Assert.Equal("export A_1='x'\n", paper.Data);
        Assert.Contains("a.b, 1A, $(id)", paper.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void Several_instances_would_overwrite_each_other()
    {
        var paper = Paper.File();

        var error = Assert.Throws<InstanceKitException>(
            () => ExportText.Write(paper.Output, [Environment(("A", "1")), Environment(("A", "2"))], ShellKind.Posix));

        Assert.Equal(ExitCode.Usage, error.ExitCode);
        Assert.Empty(paper.Data);
    }

    /// <summary>Three lines are evaluated together, and the one in the middle is asked for.</summary>
    private static async Task GetsWhatWentInAsync(string shell, ShellKind kind, string[] arguments)
    {
        Assert.SkipUnless(IsInstalled(shell), $"{shell} is not installed.");
        await s_value.SampleAsync(async value =>
        {
            var text = $"{ExportText.Line(kind, "BEFORE", value)}\n{ExportText.Line(kind, "V", value)}\n{ExportText.Line(kind, "AFTER", value)}\n";
            Assert.Equal(value + "\0", await RunAsync(shell, [.. arguments, text]));
        }, iter: 40, threads: 1);
    }

    private static bool IsInstalled(string program) => (System.Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    private static string ReadFish(string text)
    {
        var read = "";
        Assert.Equal('\'', text[0]);
        for (var i = 1; ; i++)
        {
            if (text[i] == '\'')
            {
                Assert.Equal(text.Length - 1, i);
                return read;
            }

            if (text[i] == '\\' && text[i + 1] is '\'' or '\\')
                i++;
            read += text[i];
        }
    }

    private static string ReadPowerShell(string text)
    {
        const string quotes = "'‘’‚‛";
        var read = "";
        for (var i = 1; ; i++)
        {
            if (quotes.Contains(text[i], StringComparison.Ordinal))
            {
                if (i == text.Length - 1)
                    return read;
                Assert.Contains(text[++i], quotes);
            }

            read += text[i];
        }
    }

    private static InstanceEnvironment Environment(params (string Name, string Value)[] variables) =>
        new(Specimens.Spec(1), null, [.. variables.Select(v => KeyValuePair.Create(v.Name, v.Value))]);
}
