using InstanceKit.Instances;
using InstanceKit.Processes;

namespace InstanceKit.Lifecycle;

/// <summary>Explains a start that failed because images could not be pulled and are not there.</summary>
internal static class MissingImages
{
    private const int ShownLines = 4;

    /// <summary>The error, or <see langword="null"/> when every image is there: it failed for another reason.</summary>
    /// <param name="context">The engine to ask.</param>
    /// <param name="plan">The instance.</param>
    /// <param name="result">What Compose ended with.</param>
    /// <param name="cancellation">Ends the question.</param>
    /// <remarks>Compose itself names only the image whose pull failed first, in words that depend on the registry.</remarks>
    public static async Task<InstanceKitException?> ExplainAsync(
        ManagerContext context, InstancePlan plan, ProcessResult result, CancellationToken cancellation)
    {
        var services = plan.Model.Services.Where(s => s is { Image: not null, IsBuilt: false }).ToList();
        var absent = await context.Docker.FindAbsentImagesAsync(services.Select(s => s.Image!), cancellation);
        if (absent.Count == 0)
            return null;

        var lines = services.Where(s => absent.Contains(s.Image!)).GroupBy(s => s.Image!, s => s.Name)
            .Select(g => $"\n  {g.Key} (service {string.Join(", ", g)})");
        return new InstanceKitException(
            ExitCode.Prerequisite,
            $"Instance {plan.Spec.Number} needs {(absent.Count == 1 ? "an image that" : $"{absent.Count} images that")} "
                + $"can neither be pulled nor found on this machine:{string.Concat(lines)}\nCompose said:{Words(result)}",
            $"Run the services without images: {context.Options.Next.For("Up", plan.Spec.Number, "--infra embedded")}. Or make stand-ins "
                + $"of the sample's images from Debian packages: {context.Options.Next.OfMachine("LocalImages")}. Or name images that can be had, in a "
                + ".env of the workspace, where the compose file has a variable.");
    }

    private static string Words(ProcessResult result) => string.Concat(
        result.StandardError.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).Distinct(StringComparer.Ordinal)
            .TakeLast(ShownLines).Select(l => $"\n    {l}"));
}
