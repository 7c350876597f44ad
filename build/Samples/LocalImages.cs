using InstanceKit;
using InstanceKit.Drivers;
using InstanceKit.Lifecycle;
using InstanceKit.Processes;

namespace Samples;

/// <summary>Makes stand-ins for the sample's images on this machine's engine, and points a workspace at them.</summary>
/// <param name="repository">The absolute path of the repository that holds the recipe.</param>
/// <param name="next">Spells what else could be done.</param>
/// <param name="onProgress">Called with each line about what is being made.</param>
internal sealed class LocalImages(string repository, NextCommand next, Action<string> onProgress)
{
    private const string Recipe = "samples/images/make-images";

    private string OtherWays =>
        $"Use {next.OfMachine("Up --infra embedded")}, which needs no images, or name images that can be had in the workspace's .env.";

    /// <summary>Makes what is missing and sets the image variables in the workspace's <c>.env</c>.</summary>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="cancellation">Interrupts the making; images that are made stay.</param>
    /// <exception cref="InstanceKitException">
    /// The workspace has no such variable, no engine answers, or this machine can't make images from Debian packages.
    /// </exception>
    public async Task<LocalImagesReport> RunAsync(string workspace, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InstanceKitException(
                ExitCode.Prerequisite, "Local images are made from Debian packages with apt and mmdebstrap, on Linux only.", OtherWays);
        }

        var wanted = ImageVariables.Used(
            Read(await RunRecipeAsync(["--print-env"], cancellation), '='), await ReadComposeFilesAsync(workspace, cancellation));
        if (wanted.Count == 0)
        {
            throw InstanceKitException.Usage(
                $"The compose files of {workspace} have no variable for an image that a stand-in is made of.",
                $"Name the sample workspace, samples/studio, or use {next.OfMachine("Up --infra embedded")}.");
        }

        using var engine = new DockerInspector();
        await engine.RequireEngineAsync(cancellation);
        var made = Read(await RunRecipeAsync([], cancellation, engine.Endpoint.Variables), ' ').Where(l => l.Value == "made").Select(l => l.Key).ToHashSet();

        var path = Path.Combine(workspace, ".env");
        var old = InstanceDirectory.ReadText(path);
        var (text, replaced) = ImageVariables.Set(old ?? "", wanted);
        // In place: it is a person's file, with rights of its own, and perhaps a link.
        if (text != old)
            await File.WriteAllTextAsync(path, text, cancellation);
        return new LocalImagesReport(
            workspace, path, text != old, replaced, [.. wanted.Select(w => new LocalImage(w.Key, w.Value, made.Contains(w.Value)))]);
    }

    private async Task<IReadOnlyList<string>> ReadComposeFilesAsync(string workspace, CancellationToken cancellation)
    {
        var (root, stack) = await StackLoader.LoadAsync(workspace, null, next, ConfigEvaluation.Never, cancellation);
        return [.. stack.ComposeFiles.Select(f => InstanceDirectory.ReadText(Path.Combine(root, f)) ?? "")];
    }

    private async Task<string> RunRecipeAsync(
        IReadOnlyList<string> arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var spec = new ProcessSpec
        {
            Program = "bash", Arguments = [Path.Combine(repository, Recipe), .. arguments], Environment = environment ?? new Dictionary<string, string?>(),
        };
        var result = await ProcessRunner.RunAsync(spec, onProgress, cancellation);
        if (result.Succeeded)
            return result.StandardOutput;
        // Ctrl-C reaches the recipe too, whose end may be seen before this process has heard of it.
        if (result.ExitCode == (int)ExitCode.Interrupted)
            throw new InstanceKitException(ExitCode.Interrupted, "Making the local images was interrupted.", "Run LocalImages again; what is made is kept.");
        if (result.ExitCode != (int)ExitCode.Prerequisite)
            throw new CommandFailedException("make the local images", spec, result, OtherWays);
        var reason = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        throw new InstanceKitException(
            ExitCode.Prerequisite, $"The images can't be made on this machine: {reason}.", OtherWays);
    }

    private static List<KeyValuePair<string, string>> Read(string lines, char separator) =>
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(separator, 2))
            .Select(parts => KeyValuePair.Create(parts[0], parts[1])),
    ];
}
