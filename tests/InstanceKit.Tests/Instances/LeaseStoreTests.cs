using InstanceKit.Instances;
using Xunit;

namespace InstanceKit.Tests.Instances;

/// <summary>Whatever the registry holds, it is read, healed or refused in words.</summary>
public sealed class LeaseStoreTests : IDisposable
{
    private const string Good = """
        {"workspace":"/w","project":"a-dev-3","stack":"a","number":3,"footprint":{"ports":["tcp/80"],"names":[],"subnets":[]},"created":"2026-01-01T00:00:00+00:00"}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ik-leases-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("")]
    [InlineData("  \n\t")]
    [InlineData("\0\0\0\0")]
    [InlineData("null")]
    [InlineData("[null]")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("\"leases\"")]
    [InlineData("{}")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":"1","leases":[]}""")]
    [InlineData("""{"version":0,"leases":[]}""")]
    [InlineData("""{"version":1,"leases":{}}""")]
    [InlineData("""{"version":1,"leases":[""")]
    public void What_is_no_registry_is_damaged(string text)
    {
        Write(text);

        Assert.Null(new LeaseStore(_folder).Read(out var isDamaged));
        Assert.True(isDamaged);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("{}")]
    [InlineData("""{"workspace":null,"project":"a-dev-3","stack":"a","number":3,"footprint":{},"created":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("""{"workspace":"relative","project":"p","stack":"a","number":4,"footprint":{},"created":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("""{"workspace":"/v","project":"p","stack":"a","number":-4,"footprint":{},"created":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("""{"workspace":"/v","project":"p","stack":"a","number":99999999999,"footprint":{},"created":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("""{"workspace":"/v","project":"p","stack":"a","number":4,"footprint":{"ports":[null]},"created":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("""{"workspace":"/v","project":"p","stack":"a","number":4,"footprint":null,"created":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("""{"workspace":"/v","project":"p","stack":"a","number":4,"footprint":{},"created":"yesterday"}""")]
    [InlineData("""{"workspace":"/v\ud800","project":"p","stack":"a","number":4,"footprint":{},"created":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData(Good)]
    public void One_odd_or_repeated_entry_does_not_cost_the_others(string entry)
    {
        Write($$"""{"version":1,"leases":[{{entry}},{{Good}}]}""");

        var book = new LeaseStore(_folder).Read(out var isDamaged);

        Assert.Equal(3, Assert.Single(book!.Leases).Number);
        Assert.True(isDamaged);
    }

    [Fact]
    public void A_sound_one_is_not_damaged()
    {
        Write($$"""{"version":1,"leases":[{{Good}}]}""");

        Assert.Single(new LeaseStore(_folder).Read(out var isDamaged)!.Leases);
        Assert.False(isDamaged);
    }

    [Theory]
    [InlineData("2")]
    [InlineData("99999999999999999999")]
    public void A_newer_one_is_refused(string version)
    {
        Write($$"""{"version":{{version}},"leases":"of another form"}""");

        var error = Assert.Throws<InstanceKitException>(() => new LeaseStore(_folder).Read(out _));

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.Contains($"format {version}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_in_its_place_is_named()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "leases.json"));

        Assert.Contains("is a directory", Assert.Throws<InstanceKitException>(() => new LeaseStore(_folder).Read(out _)).Message, StringComparison.Ordinal);
    }

    private void Write(string text) => File.WriteAllText(Path.Combine(_folder, "leases.json"), text);
}
