using CsCheck;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

public sealed class ImageNameTests
{
    private static readonly Dictionary<string, string> Replacements = new()
    {
        ["minio/minio"] = "quay.io/minio/minio", ["temporalio/auto-setup"] = "temporalio/server:1.29", ["redis:7"] = "valkey/valkey:8",
        ["docker.io/library/postgres"] = "mirror:5000/postgres", ["registry:5000/a"] = "b",
    };

    [Theory]
    [InlineData("minio/minio", "quay.io/minio/minio")]
    [InlineData("minio/minio:latest", "quay.io/minio/minio:latest")]
    [InlineData("docker.io/minio/minio@sha256:abc", "quay.io/minio/minio@sha256:abc")]
    [InlineData("minio/minio:1@sha256:abc", "quay.io/minio/minio:1@sha256:abc")]
    [InlineData("temporalio/auto-setup:1.28", "temporalio/server:1.29")]
    [InlineData("redis:7", "valkey/valkey:8")]
    [InlineData("redis:8", null)]
    [InlineData("redis", null)]
    [InlineData("postgres:16", "mirror:5000/postgres:16")]
    [InlineData("registry:5000/a:2", "b:2")]
    [InlineData("minio/mc", null)]
    [InlineData("other/minio/minio", null)]
    public void A_key_stands_for_its_tag_or_for_all(string image, string? expected) =>
        Assert.Equal(expected, ImageName.Replace(Replacements, image));

    [Fact]
    public void Without_an_entry_nothing_is_replaced() => Gen.String.Where(s => s.Length > 0).Sample(image =>
        Assert.Null(ImageName.Replace(new Dictionary<string, string>(), image)));
}
