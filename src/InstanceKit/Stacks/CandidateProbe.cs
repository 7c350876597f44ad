using System.Text.RegularExpressions;
using InstanceKit.Env;
using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Stacks;

/// <summary>Files of a workspace that may be what is searched for, from the most usual place on.</summary>
/// <param name="Chosen">Those to use; none if there are none.</param>
/// <param name="Others">Others that were found beside.</param>
internal sealed record Candidates(IReadOnlyList<string> Chosen, IReadOnlyList<string> Others)
{
    /// <summary>A note that names the others and how to choose; <see langword="null"/> without any.</summary>
    public string? Note(string key) => Others.Count == 0 ? null
        : Chosen.Count == 0 ? $"There are several candidates, of which none is used: {string.Join(", ", Others)}. To choose, set {key} in instancekit.yml, for example '{key}: {Others[0]}'."
        : $"{string.Join(", ", Chosen)} is used, and not {string.Join(", ", Others)}. To choose, set {key} in instancekit.yml.";
}

/// <summary>Finds the compose files of a workspace that no stack file names, as Compose itself does and a little further.</summary>
internal static partial class ComposeFileProbe
{
    private static readonly string[] Names = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
    private static readonly string[] Folders = ["docker", "deploy", "infra", "infrastructure", ".docker", "dev"];

    /// <summary>The files, relative to the workspace.</summary>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="next">Formats the command to continue with.</param>
    /// <exception cref="InstanceKitException">There are several to choose from, or none.</exception>
    public static Candidates Find(string workspace, NextCommand next)
    {
        if (FromEnvFile(workspace) is { Count: > 0 } chosen)
            return new Candidates(chosen, []);
        if (In(workspace, "") is { Count: > 0 } own)
            return new Candidates(own, [.. ForDevelopment(workspace, "").Except(own)]);
        foreach (var found in new List<IReadOnlyList<string>>[]
                 {
                     [.. Folders.Select(f => In(workspace, f)).Where(f => f.Count > 0)],
                     [.. ForDevelopment(workspace, "").Select(f => new[] { f })],
                     [.. Folders.SelectMany(f => ForDevelopment(workspace, f)).Select(f => new[] { f })],
                 })
        {
            if (found.Count == 1)
                return new Candidates(found[0], []);
            if (found.Count > 1)
            {
                throw InstanceKitException.Usage(
                    $"Workspace '{workspace}' has several compose files: {string.Join(", ", found.Select(f => f[0]))}.",
                    $"List those of the stack in its instancekit.yml, for example 'compose: {{files: [{found[0][0]}]}}', then: {next.For("Up", 1)}");
            }
        }

        throw NotFound(workspace, next);
    }

    private static InstanceKitException NotFound(string workspace, NextCommand next)
    {
        var seen = Folders.Prepend("").SelectMany(f => FilesIn(workspace, f, AnyCompose())).ToList();
        return InstanceKitException.Usage(
            $"Workspace '{workspace}' has no compose file: there is no {StudioStack.ComposeFile} or {string.Join(", ", Names)} in it "
            + $"or in its directories {string.Join(", ", Folders)}{(seen.Count == 0 ? "" : $", only {string.Join(", ", seen)}")}.",
            $"Name the files in its instancekit.yml{(seen.Count == 0 ? "" : $" ('compose: {{files: [{seen[0]}]}}')")}, or pass the directory that contains one: "
            + next.OfMachine("Up --instance 1 --workspace PATH"));
    }

    /// <summary>Compose reads COMPOSE_FILE from the workspace's .env too.</summary>
    private static IReadOnlyList<string> FromEnvFile(string workspace)
    {
        if (WorkspaceTextReader.ReadEnv(Path.Combine(workspace, ".env"), ".env") is not { } text)
            return [];
        var values = DotEnvDocument.Parse(text).EffectiveValues();
        var separator = values.GetValueOrDefault("COMPOSE_PATH_SEPARATOR") ?? Path.PathSeparator.ToString();
        return values.TryGetValue("COMPOSE_FILE", out var files)
            ? [.. files.Split(separator, StringSplitOptions.RemoveEmptyEntries).Where(f => File.Exists(Path.Combine(workspace, f)))]
            : [];
    }

    private static IReadOnlyList<string> In(string workspace, string folder)
    {
        var name = Names.FirstOrDefault(n => File.Exists(Path.Combine(workspace, folder, n)));
        if (name is null)
            return [];
        string[] overrides = [.. new[] { ".yml", ".yaml" }.Select(e => $"{Path.GetFileNameWithoutExtension(name)}.override{e}")];
        return [.. new[] { name }.Concat(overrides.Where(o => File.Exists(Path.Combine(workspace, folder, o))).Take(1))
            .Select(n => folder.Length == 0 ? n : $"{folder}/{n}")];
    }

    private static IEnumerable<string> ForDevelopment(string workspace, string folder) => FilesIn(workspace, folder, OfDevelopment());

    /// <summary>The files of a directory by name, relative to the workspace, in ordinal order.</summary>
    internal static IEnumerable<string> FilesIn(string workspace, string folder, Regex name) =>
        !Directory.Exists(Path.Combine(workspace, folder)) ? []
        : Directory.EnumerateFiles(Path.Combine(workspace, folder)).Select(f => Path.GetFileName(f)!).Where(f => name.IsMatch(f))
            .Order(StringComparer.Ordinal).Select(f => folder.Length == 0 ? f : $"{folder}/{f}");

    [GeneratedRegex(@"^(?:docker-)?compose[.-](?:dev|development|local)\.ya?ml\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex OfDevelopment();

    [GeneratedRegex(@"^(?:docker-)?compose[.-].*ya?ml\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AnyCompose();
}

/// <summary>Finds the PM2 config of a workspace: in its root under the names of PM2, under those for development, and then in its directories.</summary>
internal static partial class Pm2ConfigProbe
{
    private static readonly string[] Names = [.. from stem in new[] { "pm2.config", "ecosystem.config" }
        from extension in new[] { "cjs", "js", "mjs", "ts", "json", "yml", "yaml" } select $"{stem}.{extension}"];

    private static readonly string[] Skipped = ["node_modules", "dist", "build", "vendor", "samples", "examples", "test", "tests"];

    /// <summary>The file, relative to the workspace.</summary>
    /// <returns>None if there are several to choose from, none of which has a usual name in the root.</returns>
    public static Candidates Find(string workspace)
    {
        var usual = Names.Where(n => File.Exists(Path.Combine(workspace, n))).ToList();
        if (usual.Count > 0)
            return new Candidates([usual[0]], usual[1..]);
        foreach (var found in new List<string>[]
                 {
                     [.. OfDevelopmentIn(workspace, "")],
                     [.. FoldersOf(workspace).SelectMany(f => Names.Select(n => $"{f}/{n}").Where(n => File.Exists(Path.Combine(workspace, n)))
                         .Concat(OfDevelopmentIn(workspace, f)))],
                 })
        {
            if (found.Count == 1)
                return new Candidates(found, []);
            if (found.Count > 1)
                return new Candidates([], found);
        }

        return new Candidates([], []);
    }

    private static IEnumerable<string> FoldersOf(string workspace) =>
        Directory.EnumerateDirectories(workspace).Select(d => Path.GetFileName(d)!)
            .Where(d => (d[0] != '.' || d == ".pm2") && !Skipped.Contains(d, StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal);

    /// <summary>Other tools have configs of such names too: that of PM2 has apps.</summary>
    private static IEnumerable<string> OfDevelopmentIn(string workspace, string folder) =>
        ComposeFileProbe.FilesIn(workspace, folder, OfDevelopment())
            .Where(f => Named().IsMatch(Path.GetFileName(f)) || Apps().IsMatch(FileStore.ReadText(Path.Combine(workspace, f)) ?? ""));

    [GeneratedRegex(@"^(?:.+\.(?:dev|development|local)\.config|(?:pm2|ecosystem)\.config\.(?:dev|development|local)|(?:pm2|ecosystem)\.(?:dev|development|local))\.(?:[cm]?js|ts|json|ya?ml)\z", RegexOptions.CultureInvariant)]
    private static partial Regex OfDevelopment();

    [GeneratedRegex(@"^(?:pm2|ecosystem)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Named();

    [GeneratedRegex("""\bapps["']?\s*[:=]""", RegexOptions.CultureInvariant)]
    private static partial Regex Apps();
}
