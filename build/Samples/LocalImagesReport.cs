namespace Samples;

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
/// <param name="IsMade">Whether it was made just now; otherwise it was there.</param>
internal sealed record LocalImage(string Variable, string Image, bool IsMade);
