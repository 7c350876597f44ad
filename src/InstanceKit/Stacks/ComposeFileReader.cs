using System.Text.Json;

namespace InstanceKit.Stacks;

/// <summary>Reads the <c>configs</c> and <c>secrets</c> of Compose's JSON, as far as they are texts at hand.</summary>
internal static class ComposeFileReader
{
    private static readonly string[] Sections = ["configs", "secrets"];

    /// <summary>All entries that are a file or a text in the compose files.</summary>
    public static IReadOnlyList<ComposeFile> Read(JsonElement root) =>
    [
        .. from section in Sections
           from entry in root.Members(section)
           let file = new ComposeFile(
               section, entry.Name, entry.Value.Text("file"), entry.Value.Text("content"),
               [.. root.Members("services").Where(s => s.Value.Items(section).Any(i => i.Text("source") == entry.Name)).Select(s => s.Name)])
           where file.Path is not null || file.Content is not null
           select file,
    ];
}
