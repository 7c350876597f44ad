using System.Xml.Linq;
using Xunit;

namespace InstanceKit.Tests.Architecture;

/// <summary>The rules of the house that its files show.</summary>
public sealed class RepositoryTests
{
    private const int MostLines = 400;
    private const int UsualLines = 250;

    private static readonly List<(string Path, int Lines)> Sources =
        [.. RepositoryFiles.List("*.cs", "build", "src", "tests").Select(f => (f, RepositoryFiles.Read(f).TrimEnd('\n').Split('\n').Length))];

    [Fact]
    public void No_source_is_longer_than_four_hundred_lines() =>
        Assert.Empty(Sources.Where(s => s.Lines > MostLines).Select(s => $"{s.Path} has {s.Lines} lines"));

    [Fact]
    public void Most_sources_of_the_library_have_the_usual_length()
    {
        var library = Sources.Where(s => s.Path.StartsWith("src/", StringComparison.Ordinal)).ToList();

        Assert.True(library.Count(s => s.Lines < UsualLines) > library.Count * 2 / 3);
    }

    [Theory]
    [InlineData("Helper")]
    [InlineData("Util")]
    [InlineData("Manager2")]
    [InlineData("Misc")]
    public void Nothing_has_a_name_that_says_nothing(string word) =>
        Assert.DoesNotContain(Sources, s => Path.GetFileName(s.Path).Contains(word, StringComparison.Ordinal));

    [Fact]
    public void Only_tests_reference_the_build() => Assert.Empty(
        from project in RepositoryFiles.List("*.csproj", "src", "tests", "samples", "bench")
        where !project.StartsWith("tests/", StringComparison.Ordinal)
        from reference in References(project, "ProjectReference")
        where reference.Contains("build/", StringComparison.Ordinal)
        select $"{project} references {reference}");

    [Fact]
    public void The_library_references_no_project_and_five_packages()
    {
        const string project = "src/InstanceKit/InstanceKit.csproj";

        Assert.Empty(References(project, "ProjectReference"));
        Assert.Equal(["CliWrap", "DiffPlex", "Docker.DotNet.Enhanced", "Npgsql", "YamlDotNet"], References(project, "PackageReference"));
    }

    private static IEnumerable<string> References(string project, string kind) =>
        XDocument.Parse(RepositoryFiles.Read(project)).Descendants(kind).Attributes("Include").Select(a => a.Value.Replace('\\', '/'));
}
