namespace InstanceKit.Stacks;

/// <summary>The name of an image: repository, then tag, digest or both.</summary>
internal static class ImageName
{
    private static readonly string[] DefaultPrefixes = ["index.docker.io/", "docker.io/", "library/"];

    /// <summary>The image that replaces one; <see langword="null"/> if none does.</summary>
    /// <param name="replacements">By image. A key without a tag stands for every tag; a value without one keeps the tag.</param>
    /// <param name="image">The image of a service.</param>
    public static string? Replace(IReadOnlyDictionary<string, string> replacements, string image)
    {
        var (repository, version) = Split(image);
        // The exact name is more specific than the repository.
        return Find(version) is { } exact ? exact : version.Length > 0 && Find("") is { } any ? any + (Split(any).Version.Length == 0 ? version : "") : null;

        string? Find(string wanted)
        {
            foreach (var (from, to) in replacements)
            {
                if (Split(from) is var (name, tag) && name == repository && tag == wanted)
                    return to;
            }

            return null;
        }
    }

    /// <summary>The repository without the default registry, and the rest: <c>:16</c>, <c>@sha256:…</c>, or nothing.</summary>
    private static (string Repository, string Version) Split(string image)
    {
        var digest = image.IndexOf('@', StringComparison.Ordinal);
        var repository = digest < 0 ? image : image[..digest];
        // A colon before a slash is that of a registry's port.
        var colon = repository.LastIndexOf(':');
        if (colon > repository.LastIndexOf('/'))
            repository = repository[..colon];
        var version = image[repository.Length..];
        foreach (var prefix in DefaultPrefixes)
        {
            if (repository.StartsWith(prefix, StringComparison.Ordinal))
                repository = repository[prefix.Length..];
        }

        return (repository, version);
    }
}
