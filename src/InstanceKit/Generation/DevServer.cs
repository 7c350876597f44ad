namespace InstanceKit.Generation;

/// <summary>A dev server that does not take its port from <c>PORT</c>, or takes the next free one when it is taken.</summary>
/// <param name="Program">Its program: <c>vite</c>.</param>
/// <param name="Subcommands">The subcommands that serve; empty for any, and the empty text for none.</param>
/// <param name="Options">The words that give it a port and hold it to it; <c>{port}</c> is the port.</param>
public sealed record DevServer(string Program, IReadOnlyList<string> Subcommands, IReadOnlyList<string> Options)
{
    /// <summary>Those that are known, by the option that each one's own help names.</summary>
    private static readonly IReadOnlyList<DevServer> Known =
    [
        new("vite", ["", "dev", "serve", "preview"], ["--port", "{port}", "--strictPort"]),
        new("next", ["dev", "start"], ["--port", "{port}"]),
        new("nuxt", ["dev", "preview"], ["--port", "{port}"]),
        new("nuxi", ["dev", "preview"], ["--port", "{port}"]),
        new("astro", ["", "dev", "preview"], ["--port", "{port}"]),
        new("ng", ["serve", "dev"], ["--port", "{port}"]),
        new("webpack", ["serve"], ["--port", "{port}"]),
        new("webpack-dev-server", [], ["--port", "{port}"]),
        new("vue-cli-service", ["serve"], ["--port", "{port}"]),
        new("remix", ["vite:dev"], ["--port", "{port}"]),
        new("react-router", ["dev"], ["--port", "{port}"]),
        new("parcel", ["", "serve"], ["--port", "{port}"]),
        new("gatsby", ["develop", "serve"], ["--port", "{port}"]),
        new("storybook", ["dev"], ["--port", "{port}", "--exact-port"]),
        new("wrangler", ["dev"], ["--port", "{port}"]),
    ];

    /// <summary>The server that a command starts, or <see langword="null"/>.</summary>
    /// <param name="words">The command's words; the program may be a path.</param>
    public static DevServer? Find(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            return null;
        var name = Path.GetFileNameWithoutExtension(words[0].Replace('\\', '/'));
        var subcommand = words.Skip(1).FirstOrDefault() is { } word && !word.StartsWith('-') ? word : "";
        return Known.FirstOrDefault(s =>
            s.Program == name && (s.Subcommands.Count == 0 || s.Subcommands.Contains(IsFolder(s, subcommand) ? "" : subcommand)));
    }

    /// <summary>The words for one port.</summary>
    public IReadOnlyList<string> OptionsFor(int port) => [.. Options.Select(o => o.Replace("{port}", $"{port}", StringComparison.Ordinal))];

    /// <summary>Vite, Astro and Parcel take a folder or file where others have a subcommand.</summary>
    private static bool IsFolder(DevServer server, string word) =>
        server.Subcommands.Contains("") && (word.Contains('/') || word.Contains('.'));
}
