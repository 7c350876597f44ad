using Docker.DotNet;

namespace InstanceKit.Engine;

public sealed partial class EngineClient
{
    /// <summary>Those of some images that the engine does not have; nothing is pulled.</summary>
    /// <param name="images">Names as a compose file has them, with tag or digest.</param>
    /// <exception cref="InstanceKitException">The engine does not answer.</exception>
    public async Task<IReadOnlySet<string>> FindAbsentImagesAsync(IEnumerable<string> images, CancellationToken cancellation)
    {
        var answers = await Task.WhenAll(images.Distinct(StringComparer.Ordinal)
            .Select(async i => (Image: i, IsThere: await AskAsync(limit => HasImageAsync(i, limit), AnswerLimit, cancellation))));
        return answers.Where(a => !a.IsThere).Select(a => a.Image).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<bool> HasImageAsync(string image, CancellationToken cancellation)
    {
        try
        {
            await Client.Images.InspectImageAsync(image, cancellation);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
    }
}
