using Samples;

namespace Rendering.Json;

/// <summary>What <c>LocalImages --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="File">The absolute path of the env file that selects the images.</param>
/// <param name="Written">Whether the env file was changed.</param>
/// <param name="Images">The images.</param>
internal sealed record LocalImagesDocument(
    int SchemaVersion, string Workspace, string File, bool Written, IReadOnlyList<LocalImageEntry> Images)
{
    /// <summary>The document of a report.</summary>
    public static LocalImagesDocument Of(LocalImagesReport report) => new(
        JsonOutput.SchemaVersion, report.Workspace, report.File, report.IsWritten,
        [.. report.Images.Select(i => new LocalImageEntry(i.Variable, i.Image, i.IsMade))]);
}

/// <summary>One image.</summary>
/// <param name="Variable">The variable that selects it.</param>
/// <param name="Image">Its name.</param>
/// <param name="Made">Whether it was made just now; otherwise it was there.</param>
internal sealed record LocalImageEntry(string Variable, string Image, bool Made);
