using YamlDotNet.Core;

namespace InstanceKit.Models;

/// <summary>A place in a compose file, for errors and for what its paths are relative to.</summary>
/// <param name="File">The file's path for display.</param>
/// <param name="Folder">The absolute path that paths in it are relative to.</param>
/// <param name="Path">The keys down to it: <c>services.db.ports</c>; empty for the whole file.</param>
/// <param name="Home">What <c>~</c> in a path means, or <see langword="null"/>.</param>
internal sealed record ComposePlace(string File, string Folder, string Path, string? Home)
{
    private const int LongestShown = 300;
    private const string Fix = "Fix the file; nothing was written.";

    private const string Install =
        "Install Docker with the Compose plugin, which reads every compose file: https://docs.docker.com/compose/install/";

    /// <summary>A place below this one.</summary>
    public ComposePlace At(string key) => this with { Path = Path.Length == 0 ? key : $"{Path}.{key}" };

    /// <summary>The error for what Compose would also reject.</summary>
    public InstanceKitException Wrong(string reason) =>
        InstanceKitException.Usage($"{Name} {Short(reason)}.", Fix);

    /// <summary>The error for a text that isn't YAML, with its line and column.</summary>
    public InstanceKitException NotYaml(YamlException e) =>
        InstanceKitException.Usage($"{File}({e.Start.Line},{e.Start.Column}): {YamlText.ReasonOf(e)}.", Fix);

    /// <summary>The error for what only Compose supports.</summary>
    public InstanceKitException Unknown(string reason) =>
        InstanceKitException.Usage($"{Name} {Short(reason)}; only Docker Compose supports that, and it is not installed.", Install);

    /// <summary>The absolute path that a path in the file means.</summary>
    public string Resolve(string path)
    {
        if (path.Contains('\0'))
            throw Wrong("has a path with a NUL character");
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal))
            return System.IO.Path.GetFullPath((Home ?? throw Wrong($"has '{path}', and the home directory is unknown")) + path[1..]);
        return IsDrive(path) || path.StartsWith('/')
            ? path
            : System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path, Folder));
    }

    /// <summary>Whether a path starts with a Windows drive; like Compose, on every system.</summary>
    public static bool IsDrive(string path) =>
        path is [var letter, ':', '/' or '\\', ..] && char.IsAsciiLetter(letter);

    private string Name => Path.Length == 0 ? $"{File}:" : $"{File}: {Short(Path)}";

    private static string Short(string text) => text.Length <= LongestShown ? text : $"{text[..LongestShown]}…";
}
