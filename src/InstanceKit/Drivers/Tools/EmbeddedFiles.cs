namespace InstanceKit.Drivers;

/// <summary>Files that this library carries inside of itself, by what their names begin with.</summary>
internal static class EmbeddedFiles
{
    /// <summary>Writes them into a folder, under the rest of their names.</summary>
    public static void Write(string prefix, string folder)
    {
        foreach (var (name, resource) in List(prefix))
        {
            using var source = Open(resource);
            using var target = File.Create(Path.Combine(folder, name));
            source.CopyTo(target);
        }
    }

    /// <summary>A hash of all their texts: it changes when one of them does.</summary>
    public static string Fingerprint(string prefix) => ContentHash.Of(string.Join('\0', List(prefix).Select(file =>
    {
        using var reader = new StreamReader(Open(file.Resource));
        return $"{file.Name}\0{reader.ReadToEnd()}";
    })));

    private static IEnumerable<(string Name, string Resource)> List(string prefix) =>
        typeof(EmbeddedFiles).Assembly.GetManifestResourceNames()
            .Where(r => r.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(r => (r[prefix.Length..], r));

    private static Stream Open(string resource) => typeof(EmbeddedFiles).Assembly.GetManifestResourceStream(resource)!;
}
