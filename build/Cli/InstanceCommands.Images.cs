using InstanceKit;
using InstanceKit.Platform;
using Output;

namespace Cli;

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
