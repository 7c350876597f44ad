using System.Text.RegularExpressions;
using InstanceKit.Models;
using InstanceKit.Platform;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace InstanceKit.Stacks;

/// <summary>Names a stack that no stack file names.</summary>
internal static partial class StackNaming
{
    private const int Longest = 40;

    /// <summary>
    /// The compose files' own <c>name:</c>; else the folder of the repository, which all worktrees of it share; else the
    /// workspace's folder.
    /// </summary>
    public static string Find(string workspace, IReadOnlyList<string> composeFiles) =>
        composeFiles.Select(f => NameIn(Path.Combine(workspace, f))).LastOrDefault(n => n is not null)
        ?? Sanitize(Path.GetFileName(MainRepository(workspace) ?? workspace)) ?? "stack";

    private static string? NameIn(string composeFile)
    {
        try
        {
            return FileStore.ReadText(composeFile) is { } text
                && YamlText.Load(text) is [var document, ..] && document.RootNode is YamlMappingNode root
                && root.Children.TryGetValue("name", out var name) && name is YamlScalarNode { Value: { } word }
                && StackDefinition.IsName(word) ? word : null;
        }
        catch (Exception e) when (e is YamlException or IOException or UnauthorizedAccessException)
        {
            // Compose will report the error.
            return null;
        }
    }

    /// <summary>A worktree's <c>.git</c> is a file that points into the repository it belongs to.</summary>
    private static string? MainRepository(string workspace)
    {
        var link = Path.Combine(workspace, ".git");
        if (FileStore.ReadText(link) is not { } text || WorktreeLink().Match(text) is not { Success: true } match)
            return null;
        return Path.GetFullPath(Path.Combine(workspace, match.Groups["repository"].Value));
    }

    private static string? Sanitize(string name)
    {
        var text = Unusable().Replace(name.ToLowerInvariant(), "-").Trim('-', '_');
        return text.Length == 0 ? null : text[..Math.Min(text.Length, Longest)];
    }

    [GeneratedRegex(@"^gitdir:\s*(?<repository>.+)[/\\]\.git[/\\]worktrees[/\\]", RegexOptions.Multiline)]
    private static partial Regex WorktreeLink();

    [GeneratedRegex("[^a-z0-9_-]+")]
    private static partial Regex Unusable();
}
