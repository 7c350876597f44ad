using Docker.DotNet;
using InstanceKit.Engine;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests;

/// <summary>What a test needs of the machine: it is skipped where that is missing, or fails where it was promised.</summary>
public static class Requires
{
    /// <summary>A small local image with a shell.</summary>
    public const string Image = "shipsec-build.local/tools:1";
    private static readonly Lazy<Task<Pm2Program>> SharedPm2 = new(FindPm2Async);

    /// <summary>Whether a missing engine is a failure (<c>INSTANCEKIT_REQUIRE_ENGINE=1</c>), as in CI.</summary>
    public static bool IsStrict => Environment.GetEnvironmentVariable("INSTANCEKIT_REQUIRE_ENGINE") == "1";

    /// <summary>A PM2, from PATH or installed once into a folder beside the tests.</summary>
    internal static async Task<Pm2Program> Pm2Async()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests send Unix signals.");
        try
        {
            return await SharedPm2.Value;
        }
        catch (InstanceKitException e) when (!IsStrict)
        {
            Assert.Skip($"No PM2: {e.Message}");
            throw;
        }
    }

    /// <summary>A Docker engine, and the name of a small local image with a shell. The caller disposes of the connection.</summary>
    public static async Task<(EngineClient Engine, string Image)> DockerAsync()
    {
        var engine = new EngineClient();
        try
        {
            await engine.RequireEngineAsync(TestContext.Current.CancellationToken);
            await engine.Client.Images.InspectImageAsync(Image, TestContext.Current.CancellationToken);
            return (engine, Image);
        }
        catch (Exception e) when (e is InstanceKitException or DockerApiException)
        {
            engine.Dispose();
            if (IsStrict)
                throw;
            Assert.Skip($"No Docker engine with the image {Image} (samples/images/make-images makes it): {e.Message}");
            throw;
        }
    }

    private static Task<Pm2Program> FindPm2Async() =>
        new Pm2ProgramProbe(Path.Combine(AppContext.BaseDirectory, "tools")).FindAsync(CancellationToken.None);
}
