using System.Text.RegularExpressions;
using BlackBox;
using InstanceKit;
using Cli.Manual;
using Xunit;

namespace Build.Tests.Manual;

/// <summary>The manual's own rules; that it names what there is, is asked of the program in <see cref="CliManualTests"/>.</summary>
public sealed partial class HandbookTests
{
    private static readonly Handbook Manual = Book.Open();

    [Theory]
    [InlineData("Follow", 'f')] // docker logs -f, kubectl logs -f
    [InlineData("Tail", 'n')] // docker logs -n
    [InlineData("Watch", 'w')] // kubectl get -w
    [InlineData("Yes", 'y')] // docker compose up -y
    [InlineData("Help", 'h')]
    public void Options_that_docker_or_kubectl_have_in_short_are_short_here(string option, char letter) =>
        Assert.Equal(letter, Manual.FindOption(option)?.Short ?? letter);

    [Fact]
    public void A_letter_means_one_option_and_a_name_one_target()
    {
        Assert.Distinct(Manual.Options.Select(option => option.Short).OfType<char>());
        Assert.Distinct(Manual.Options.Select(option => option.Name));
        Assert.Distinct(Manual.Pages.Select(page => page.Name));
    }

    [Fact]
    public void Every_exit_code_is_explained_and_every_one_named_exists()
    {
        var explained = Manual.ExitCodes.Select(note => note.Subject).ToList();
        Assert.All(Enum.GetValues<ExitCode>(), code => Assert.Contains($"{(int)code}", explained));
        Assert.All(Manual.Pages.SelectMany(page => page.ExitCodes), code => Assert.Contains($"{code}", explained));
    }

    [Fact]
    public void The_default_target_has_a_page() => Assert.NotNull(Manual.FindTarget(Manual.DefaultTarget));

    [Fact]
    public void Commands_in_the_documentation_have_options_of_their_targets()
    {
        var files = new[] { "README.md", "CONTRIBUTING.md", "samples/studio/README.md" }.Select(name => Repository.PathOf(name))
            .Concat(Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md"));
        var lines = files.SelectMany(file => Call().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value.Trim()).Distinct().ToList();

        Assert.True(lines.Count > 40);
        Assert.All(lines, words =>
        {
            var line = new CompletionLine(Manual, words.Split(' '), "");
            Assert.All(
                Manual.Options.Where(option => line.Has(option.Name) && line.Targets.Count > 0),
                option => Assert.Contains(line.Targets, page => Manual.Takes(page, option)));
        });
    }

    [Fact]
    public void A_command_that_a_message_tells_to_give_next_accepts_its_options()
    {
        var verbs = new[] { "src", "build" }.SelectMany(room => Directory.EnumerateFiles(Repository.PathOf(room), "*.cs", SearchOption.AllDirectories))
            .SelectMany(file => Told().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.Contains("Up", verbs);
        Assert.All(verbs, verb => Assert.Superset(
            new HashSet<string> { OptionName.Instance, OptionName.Workspace, OptionName.StackName }, Manual.FindTarget(verb)!.Options.ToHashSet()));
    }

    [Fact]
    public void Examples_call_the_build_and_their_options_stand_on_the_page()
    {
        foreach (var page in Manual.Pages)
        {
            foreach (var example in page.Examples)
            {
                Assert.Contains(Example.Launcher, example.Command, StringComparison.Ordinal);
                var line = new CompletionLine(Manual, example.Command.Split(' ').SkipWhile(word => !word.Contains(Example.Launcher, StringComparison.Ordinal)).Skip(1).ToList(), "");
                Assert.All(
                    Manual.Options.Where(option => line.Has(option.Name) && !Manual.Common.Contains(option.Name)),
                    option => Assert.Contains(option.Name, page.Options));
            }
        }
    }

    /// <summary>What stands behind the program's name, up to the shell's own signs.</summary>
    [GeneratedRegex(@"\./build\.sh ([A-Z][^`|&;)#<>\n]*)")]
    private static partial Regex Call();

    [GeneratedRegex(@"ext\.For\(""([A-Z]\w+)""")]
    private static partial Regex Told();
}
