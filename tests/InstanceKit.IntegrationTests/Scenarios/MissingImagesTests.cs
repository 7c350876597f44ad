using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>Images that no registry gives out, and that nobody has.</summary>
public sealed class MissingImagesTests : Scenario
{
    private const string Nowhere = """
          search:
            image: shipsec-build.invalid/none:1
          cache:
            image: shipsec-build.invalid/none:1
          queue:
            image: shipsec-build.invalid/other:2
        """;

    [Fact]
    public async Task All_of_them_are_named_with_the_ways_out_and_those_that_are_there_are_not()
    {
        var workspace = await CreateWorkspaceAsync(TinyStack.With(Nowhere));
        var instance = workspace.TakeInstance();

        var result = await workspace.RunAsync("Up", "--instance", $"{instance.Number}", "--infra", "compose");

        result.Expect(3).ExpectError(
            "2 images", "shipsec-build.invalid/none:1 (service cache, search)", "shipsec-build.invalid/other:2 (service queue)",
            $"Up --instance {instance.Number} --infra embedded", "LocalImages");
        Assert.DoesNotContain("(service redis", result.Errors, StringComparison.Ordinal);
    }
}
