using CsCheck;
using Cli.Manual;
using Xunit;

namespace Build.Tests.Completion;

/// <summary>What could stand at the cursor, by what stands in front of it.</summary>
public sealed class CompleterTests
{
    private static readonly Handbook Manual = Book.Open();

    [Theory]
    [InlineData("", "U", "Up UseInstance")]
    [InlineData("", "u", "Up UseInstance")]
    [InlineData("Clean", "U", "Up UseInstance")]
    [InlineData("Up", "U", "UseInstance")]
    [InlineData("Logs", "--ta", "--tail --target")]
    [InlineData("Up", "--fo", "--force")]
    [InlineData("Up Logs", "--fo", "--force --follow")]
    [InlineData("Logs --follow", "--fo", "")]
    [InlineData("Logs -f", "--fo", "")]
    [InlineData("Logs -fn 3", "--t", "--target")]
    [InlineData("Ports", "", "--instance --explain --workspace --stack-name --json --help --plan --root --skip --target --verbosity --no-logo")]
    [InlineData("Ports --instance 1 --workspace x --json --help --plan --root x --skip --verbosity quiet --no-logo", "-", "--explain --stack-name --target")]
    [InlineData("Up --infra", "", "auto compose embedded")]
    [InlineData("Up --infra auto", "x", "")]
    [InlineData("Status --verbosity", "v", "verbose")]
    [InlineData("Completion --shell", "", "bash zsh fish powershell")]
    [InlineData("Logs -n", "", "all")]
    [InlineData("Logs --instance", "", "0 1 all")]
    [InlineData("Logs --instance", "1,", "1,0")]
    [InlineData("Logs --only", "backend,p", "backend,postgres")]
    [InlineData("Logs --only postgres", "", "backend postgres")]
    [InlineData("Up --skip", "Res", "Restart Restore")]
    [InlineData("--target", "Res", "Restart Restore")]
    [InlineData("--target", "Restore+Com", "Restore+Completion Restore+Compile")]
    [InlineData("Logs --", "", "")]
    [InlineData("Nonsense --nonsense", "--fo", "--follow --force")]
    public void Candidates(string before, string current, string expected) =>
        Assert.Equal(expected, string.Join(' ', Complete(before, current).Select(candidate => candidate.Value)));

    [Theory]
    [InlineData("Up --workspace", "", true)]
    [InlineData("--root", "a", true)]
    [InlineData("Up --workspace x", "", false)]
    [InlineData("Up --workspace", "--", false)]
    public void Folders_are_left_to_the_shell(string before, string current, bool isWanted) =>
        Assert.Equal(isWanted, Completer.WantsFolders(Line(before, current)));

    [Fact]
    public void Everything_offered_begins_with_what_stands_there_and_is_one_word()
    {
        string[] known = ["Up", "Logs", "--only", "-f", "-n", "--instance", "1,0", "--skip", "x", "", "--", "-"];
        var words = Gen.Int[0, known.Length - 1].Select(i => known[i]);
        Gen.Select(words.List[0, 4], words).Sample((before, current) =>
            NewCompleter().Complete(new CompletionLine(Manual, before, current)).All(candidate =>
                candidate.Value.StartsWith(current, StringComparison.OrdinalIgnoreCase)
                && !candidate.Value.Contains(' ', StringComparison.Ordinal)
                && !candidate.About.Contains('\n', StringComparison.Ordinal)));
    }

    private static CompletionLine Line(string before, string current) =>
        new(Manual, before.Split(' ', StringSplitOptions.RemoveEmptyEntries), current);

    private static IReadOnlyList<Candidate> Complete(string before, string current) => NewCompleter().Complete(Line(before, current));

    private static Completer NewCompleter() => new(Manual, _ => "", (option, _) => option.Kind switch
    {
        ValueKind.Instances => [new Candidate("0"), new Candidate("1"), new Candidate("all") { IsItem = false }],
        ValueKind.Parts => [new Candidate("backend"), new Candidate("postgres")],
        _ => [],
    });
}
