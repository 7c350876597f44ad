using System.Text.Json;
using InstanceKit.Platform;

namespace InstanceKit.Stacks;

/// <summary>A dev server that does not read its port from <c>PORT</c>, or uses the next free one when it is in use.</summary>
/// <param name="Program">Its program: <c>vite</c>.</param>
/// <param name="Subcommands">The subcommands that serve; empty for any, and the empty text for none.</param>
/// <param name="Options">The arguments that set its port and make it strict; <c>{port}</c> is the port.</param>
/// <param name="DefaultPort">Its default port.</param>
internal sealed record DevServer(string Program, IReadOnlyList<string> Subcommands, IReadOnlyList<string> Options, int DefaultPort)
{
    /// <summary>Those that are known, by the option that each one's own help names.</summary>
    private static readonly IReadOnlyList<DevServer> Known =
    [
        new("vite", ["", "dev", "serve", "preview"], ["--port", "{port}", "--strictPort"], 5173),
        new("next", ["dev", "start"], ["--port", "{port}"], 3000),
        new("nuxt", ["dev", "preview"], ["--port", "{port}"], 3000),
        new("nuxi", ["dev", "preview"], ["--port", "{port}"], 3000),
        new("astro", ["", "dev", "preview"], ["--port", "{port}"], 4321),
        new("ng", ["serve", "dev"], ["--port", "{port}"], 4200),
        new("webpack", ["serve"], ["--port", "{port}"], 8080),
        new("webpack-dev-server", [], ["--port", "{port}"], 8080),
        new("vue-cli-service", ["serve"], ["--port", "{port}"], 8080),
        new("remix", ["vite:dev"], ["--port", "{port}"], 5173),
        new("react-router", ["dev"], ["--port", "{port}"], 5173),
        new("parcel", ["", "serve"], ["--port", "{port}"], 1234),
        new("gatsby", ["develop", "serve"], ["--port", "{port}"], 8000),
        new("storybook", ["dev"], ["--port", "{port}", "--exact-port"], 6006),
        new("wrangler", ["dev"], ["--port", "{port}"], 8787),
        new("uvicorn", [], ["--port", "{port}"], 8000),
        new("fastapi", ["dev", "run"], ["--port", "{port}"], 8000),
        new("flask", ["run"], ["--port", "{port}"], 5000),
        new("manage", ["runserver"], ["{port}"], 8000),
        new("http", [], ["{port}"], 8000), // python -m http.server
        new("artisan", ["serve"], ["--port", "{port}"], 8000),
        new("http-server", [], ["--port", "{port}"], 8080),
        new("json-server", [], ["--port", "{port}"], 3000),
        new("docusaurus", ["start", "serve"], ["--port", "{port}"], 3000),
        new("expo", ["start"], ["--port", "{port}"], 8081),
        new("hugo", ["server", "serve"], ["--port", "{port}"], 1313),
        new("streamlit", ["run"], ["--server.port", "{port}"], 8501),
        // These read PORT, and would listen on a second address.
        new("react-scripts", ["start"], [], 3000),
        new("craco", ["start"], [], 3000),
        new("serve", [], [], 3000),
        new("rails", ["server", "s"], [], 3000),
        new("gunicorn", [], [], 8000),
        new("hypercorn", [], [], 8000),
    ];

    /// <summary>The server that a command starts, or <see langword="null"/>.</summary>
    /// <param name="words">The command's words; the program may be a path.</param>
    public static DevServer? Find(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            return null;
        if (Path.GetFileNameWithoutExtension(words[0]) is "python" or "python3" or "php" && words.Count > 1 && !words[1].StartsWith('-'))
            words = [.. words.Skip(1)];
        var name = Path.GetFileNameWithoutExtension(words[0].Replace('\\', '/'));
        var subcommand = words.Skip(1).FirstOrDefault() is { } word && !word.StartsWith('-') ? word : "";
        return Known.FirstOrDefault(s =>
            s.Program == name && (s.Subcommands.Count == 0 || s.Subcommands.Contains(IsFolder(s, subcommand) ? "" : subcommand)));
    }

    /// <summary>The words for one port; none if the command names an address itself where the server takes only one.</summary>
    /// <param name="words">The command's words.</param>
    public IReadOnlyList<string> OptionsFor(int port, IReadOnlyList<string> words) =>
        Options is ["{port}"] && words.Any(w => w.Split(':')[^1] is { Length: > 1 } last && last.All(char.IsAsciiDigit)) ? [] : [.. Options.Select(o => o.Replace("{port}", $"{port}", StringComparison.Ordinal))];

    /// <summary>Vite, Astro and Parcel take a directory or file where others have a subcommand.</summary>
    private static bool IsFolder(DevServer server, string word) =>
        server.Subcommands.Contains("") && (word.Contains('/') || word.Contains('.'));
}

/// <summary>The scripts of a package.json.</summary>
internal static class PackageScripts
{
    /// <summary>The scripts by name; none if the file is missing or not a valid package.json.</summary>
    public static IReadOnlyDictionary<string, string> Read(string folder)
    {
        if (FileStore.ReadText(Path.Combine(folder, "package.json")) is not { } text)
            return new Dictionary<string, string>();
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("scripts", out var scripts) && scripts.ValueKind == JsonValueKind.Object
                ? scripts.EnumerateObject().Where(s => s.Value.ValueKind == JsonValueKind.String)
                    .ToDictionary(s => s.Name, s => s.Value.GetString()!, StringComparer.Ordinal)
                : new Dictionary<string, string>();
        }
        catch (JsonException)
        {
            // The app's own start will report the error.
            return new Dictionary<string, string>();
        }
    }
}
