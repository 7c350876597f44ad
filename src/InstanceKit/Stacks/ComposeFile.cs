namespace InstanceKit.Stacks;

/// <summary>A text that Compose gives to services under a name: an entry of <c>configs</c> or <c>secrets</c>.</summary>
/// <param name="Section"><c>configs</c> or <c>secrets</c>.</param>
/// <param name="Key">Its key in the compose files.</param>
/// <param name="Path">The absolute path of its file; <see langword="null"/> where the compose files hold the text.</param>
/// <param name="Content">Its text; <see langword="null"/> where it is a file.</param>
/// <param name="Users">The services that get it.</param>
public sealed record ComposeFile(string Section, string Key, string? Path, string? Content, IReadOnlyList<string> Users);
