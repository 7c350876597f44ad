using System.Text.RegularExpressions;
using InstanceKit;
using InstanceKit.Engine;
using InstanceKit.Env;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using Output;

namespace Cli;

/// <summary>Makes stand-ins for the sample's images on this machine's engine, and points a workspace at them.</summary>
/// <param name="repository">The absolute path of the repository with the recipe.</param>
/// <param name="next">Formats the alternatives.</param>
/// <param name="onProgress">Called with each progress line.</param>
internal sealed class LocalImages(string repository, NextCommand next, Action<string> onProgress)
{
    private const string Recipe = "samples/images/make-images";

    private string OtherWays =>
        $"Use {next.OfMachine("Up --infra embedded")}, which needs no images, or name available images in the workspace's .env.";

    /// <summary>Builds missing images and sets the image variables in the workspace's <c>.env</c>.</summary>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="cancellation">Interrupts the build; finished images stay.</param>
    /// <exception cref="InstanceKitException">
    /// The workspace has no such variable, no engine answers, or this machine can't build images from Debian packages.
    /// </exception>
    public async Task<LocalImagesReport> RunAsync(string workspace, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new InstanceKitException(
                ExitCode.Prerequisite, "Local images are built from Debian packages with apt and mmdebstrap, on Linux only.", OtherWays);
        }

        var wanted = ImageVariables.Used(
            Read(await RunRecipeAsync(["--print-env"], cancellation), '='), await ReadComposeFilesAsync(workspace, cancellation));
        if (wanted.Count == 0)
        {
            throw InstanceKitException.Usage(
                $"The compose files of {workspace} have no variable for an image that has a stand-in.",
                $"Use the sample workspace, samples/studio, or {next.OfMachine("Up --infra embedded")}.");
        }

        using var engine = new EngineClient();
        await engine.RequireEngineAsync(cancellation);
        var made = Read(await RunRecipeAsync([], cancellation, engine.Endpoint.Variables), ' ').Where(l => l.Value == "made").Select(l => l.Key).ToHashSet();

        var path = Path.Combine(workspace, ".env");
        var old = FileStore.ReadText(path);
        var (text, replaced) = ImageVariables.Set(old ?? "", wanted);
        // In place: it is the user's file, with its own permissions, and may be a link.
        if (text != old)
            await File.WriteAllTextAsync(path, text, cancellation);
        return new LocalImagesReport(
            workspace, path, text != old, replaced, [.. wanted.Select(w => new LocalImage(w.Key, w.Value, made.Contains(w.Value)))]);
    }

    private async Task<IReadOnlyList<string>> ReadComposeFilesAsync(string workspace, CancellationToken cancellation)
    {
        var (root, stack) = await StackReader.LoadAsync(workspace, null, next, ConfigEvaluation.Never, cancellation);
        return [.. stack.ComposeFiles.Select(f => FileStore.ReadText(Path.Combine(root, f)) ?? "")];
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
        // Ctrl-C also reaches the recipe, which may exit before this process handles it.
        if (result.ExitCode == (int)ExitCode.Interrupted)
            throw new InstanceKitException(ExitCode.Interrupted, "Building the local images was interrupted.", "Run LocalImages again; it keeps the images that are built.");
        if (result.ExitCode != (int)ExitCode.Prerequisite)
            throw new CommandFailedException("build the local images", spec, result, OtherWays);
        var reason = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? "";
        throw new InstanceKitException(
            ExitCode.Prerequisite, $"The images can't be built on this machine: {reason}.", OtherWays);
    }

    private static List<KeyValuePair<string, string>> Read(string lines, char separator) =>
    [
        .. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(separator, 2))
            .Select(parts => KeyValuePair.Create(parts[0], parts[1])),
    ];
}

/// <summary>The variables of an env file that select images.</summary>
internal static class ImageVariables
{
    private const string Header = "# Images of this workspace. LocalImages builds those of shipsec-build.local.\n";

    /// <summary>The given variables that occur in the text of compose files, in the given order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Used(
        IReadOnlyList<KeyValuePair<string, string>> variables, IReadOnlyList<string> composeFiles) =>
        [.. variables.Where(v => composeFiles.Any(text => Regex.IsMatch(text, @"\$(?:\{" + v.Key + @"\b|" + v.Key + @"\b)")))];

    /// <summary>Gives variables their values in an env file; everything else stays as it is.</summary>
    /// <param name="text">The env file; empty for none.</param>
    /// <param name="variables">Names and values.</param>
    /// <returns>The new text, and the other values that variables had before.</returns>
    public static (string Text, IReadOnlyList<KeyValuePair<string, string>> Replaced) Set(
        string text, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        var before = DotEnvDocument.Parse(text.Length == 0 ? Header : text);
        var after = variables.Aggregate(before, (document, v) => document.With(v.Key, v.Value));
        return (after.ToString(),
            [.. variables.Select(v => KeyValuePair.Create(v.Key, before[v.Key] ?? "")).Where(v => v.Value.Length > 0 && after[v.Key] != v.Value)]);
    }
}

/// <summary>What became of the local images.</summary>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="File">The absolute path of the env file that selects them.</param>
/// <param name="IsWritten">Whether the env file was changed.</param>
/// <param name="Replaced">What other images the variables named before, by variable.</param>
/// <param name="Images">The images, in the recipe's order.</param>
internal sealed record LocalImagesReport(
    string Workspace, string File, bool IsWritten, IReadOnlyList<KeyValuePair<string, string>> Replaced, IReadOnlyList<LocalImage> Images);

/// <summary>One image.</summary>
/// <param name="Variable">The variable that selects it.</param>
/// <param name="Image">Its name.</param>
/// <param name="IsMade">Whether it was built now; otherwise it existed.</param>
internal sealed record LocalImage(string Variable, string Image, bool IsMade);

/// <summary>The command on the images of the sample workspace.</summary>
internal sealed partial class InstanceCommands
{
    /// <summary><c>LocalImages</c>.</summary>
    public async Task<int> MakeLocalImagesAsync(CancellationToken cancellation)
    {
        try
        {
            if (words.DryRun)
                throw InstanceKitException.Usage("LocalImages does not support --dry-run.", "It does not change images that exist.");
            var workspace = InstanceRequest.Parse(words, context).Workspace;
            var report = await new LocalImages(context.RepositoryRoot, words.ToNext(context.Launcher), ShowProgress).RunAsync(workspace, cancellation);
            if (output.IsJson)
                JsonOutput.Write(output.Data.Writer, LocalImagesDocument.Of(report));
            else if (output.IsChatty)
                Show(report);
            return (int)ExitCode.Ok;
        }
        catch (Exception e) when (FileFailure.Of(e) is { } failure)
        {
            return ErrorOutput.Write(output, failure);
        }
    }

    private void ShowProgress(string line)
    {
        if (output.Detail != Detail.Quiet)
            output.Messages.WriteLine($"  {line}", Palette.Faint);
    }

    private void Show(LocalImagesReport report)
    {
        var made = report.Images.Count(i => i.IsMade);
        output.Data.WriteSentence("✔", Palette.Good, made == 0
            ? $"All {report.Images.Count} images already exist."
            : $"Built {made} of {report.Images.Count} images.");
        output.Data.WriteSentence("✔", Palette.Good, report.IsWritten
            ? $"{report.File} now selects them; the next Up uses them."
            : $"{report.File} already selects them.");
        foreach (var (variable, image) in report.Replaced)
            output.Messages.WriteSentence("!", Palette.Caution, $"{variable} named {image} before.");
    }
}
