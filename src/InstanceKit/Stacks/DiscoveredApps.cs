using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InstanceKit.Stacks;

/// <summary>An app of a PM2 config that no stack file describes.</summary>
/// <param name="Name">Its short name.</param>
/// <param name="ConfigName">Its name in the config, a template.</param>
/// <param name="Directory">Its folder, relative to the workspace.</param>
/// <param name="Port">The port it listens on in instance 0; <see langword="null"/> when none was found.</param>
internal sealed record DiscoveredApp(string Name, string ConfigName, string Directory, int? Port)
{
    /// <summary>Other ports of it, such as its inspector's.</summary>
    public IReadOnlyList<FurtherPort> Further { get; init; } = [];

    /// <summary>The env files that its command names, relative to the workspace.</summary>
    public IReadOnlyList<string> EnvFiles { get; init; } = [];

    /// <summary>The variables that the config sets.</summary>
    public IReadOnlyList<string> Variables { get; init; } = [];
}

/// <summary>Understands the apps of a strange PM2 config.</summary>
internal static partial class DiscoveredApps
{
    /// <summary>The instance for which a config is evaluated to find its apps; its ports are the base ports.</summary>
    public const int Instance = 0;

    private const int LongestName = 100;

    /// <summary>The apps in the order of the config.</summary>
    /// <param name="config">The config's apps, evaluated for instance 0, as a JSON array.</param>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="stack">The stack name, which may be a prefix of app names.</param>
    /// <param name="scripts">The scripts of the package.json in a folder, relative to the workspace.</param>
    /// <param name="variables">The variables of the env file in a folder, relative to the workspace.</param>
    /// <param name="isOfService">Whether the compose files name a variable or number, which is then a service's; <see langword="null"/> for none.</param>
    /// <exception cref="InstanceKitException">Two apps have the same name, or a name can't be passed to PM2's commands.</exception>
    public static IReadOnlyList<DiscoveredApp> Of(
        string config, string workspace, string stack,
        Func<string, IReadOnlyDictionary<string, string>> scripts, Func<string, IReadOnlyDictionary<string, string>> variables,
        Func<string, int, bool>? isOfService = null)
    {
        var entries = (JsonNode.Parse(config) as JsonArray ?? []).OfType<JsonObject>().Where(e => Text(e, "name") is not null).ToList();
        foreach (var group in entries.GroupBy(e => Text(e, "name")!, StringComparer.Ordinal))
            RequireUsable(group.Key, group.Count());
        var names = entries.Select(e => ShortName(Text(e, "name")!, stack)).ToList();
        var ports = PortsOf(entries, FolderOf, scripts, variables, isOfService ?? ((_, _) => false));
        var taken = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. entries.Select((entry, i) =>
            {
                var name = Text(entry, "name")!;
                var folder = FolderOf(entry);
                var isUnique = names.Count(n => n == names[i]) == 1;
                return new DiscoveredApp(
                    Distinct(isUnique ? names[i] : Sanitize(name), taken), Template(name), folder, ports[i].Port)
                {
                    Further = ports[i].Further,
                    EnvFiles =
                    [
                        .. StartCommand.EnvFilesOf(entry, scripts(folder))
                            .Select(f => Path.GetRelativePath(workspace, Path.GetFullPath(Path.Combine(workspace, folder, f))).Replace('\\', '/'))
                            .Where(f => !f.StartsWith("../", StringComparison.Ordinal) && !Path.IsPathRooted(f)),
                    ],
                    Variables = [.. (entry["env"] as JsonObject ?? []).Select(v => v.Key)],
                };
            }),
        ];

        string FolderOf(JsonObject entry) => Path.GetRelativePath(
            workspace, Path.GetFullPath(Path.Combine(workspace, Text(entry, "cwd") ?? "."))).Replace('\\', '/');
    }

    /// <summary>The ports of all apps. A variable that two apps have is the port of the one that it is named after.</summary>
    private static List<AppPorts> PortsOf(
        List<JsonObject> entries, Func<JsonObject, string> folderOf, Func<string, IReadOnlyDictionary<string, string>> scripts,
        Func<string, IReadOnlyDictionary<string, string>> variables, Func<string, int, bool> isOfService)
    {
        var all = entries.Select(e => AppPorts.Of(e, scripts(folderOf(e)), variables(folderOf(e)), isOfService)).ToList();
        var decided = all.Select((ports, i) => ports.Guess is { } guess && all.Where((o, j) => j != i && o.Port == ports.Port).ToList() is { Count: > 0 } others
            && (!IsNamed(entries[i], guess) || others.Exists(o => o.Guess is null || IsNamed(entries[all.IndexOf(o)], guess)))
            ? ports with { Port = null }
            : ports).ToList();
        var seen = decided.Select(p => p.Port).OfType<int>().ToHashSet();
        return [.. decided.Select(p => p with { Further = [.. p.Further.Where(f => seen.Add(f.Port))] })];

        static bool IsNamed(JsonObject entry, string variable) =>
            $"{entry["name"]}".Contains(variable[..^"_PORT".Length].Replace('_', '-'), StringComparison.OrdinalIgnoreCase);
    }

    private static void RequireUsable(string name, int count)
    {
        if (count > 1)
        {
            throw InstanceKitException.Usage(
                $"The PM2 config has {count} apps named '{name}'.", "Give each app a unique name: PM2 identifies apps by name only.");
        }

        if (name.Contains(',') || name.Any(char.IsControl) || name.Length > LongestName)
        {
            throw InstanceKitException.Usage(
                $"The PM2 config has an app named '{(name.Length > LongestName ? $"{name[..LongestName]}…" : name)}', which can't be started by its name.",
                $"Give it a name of at most {LongestName} characters, without commas or control characters.");
        }
    }

    /// <summary>The name, with a number appended if another app has it; port names do not distinguish '-' and '_'.</summary>
    private static string Distinct(string name, HashSet<string> taken)
    {
        var distinct = name;
        for (var number = 2; !taken.Add(distinct.Replace('-', '_')); number++)
            distinct = $"{name}-{number}";
        return distinct;
    }

    /// <summary>The name without the stack name as prefix and the number of instance 0 as suffix.</summary>
    private static string ShortName(string name, string stack)
    {
        var text = InstanceSuffix().Replace(name, "");
        return Sanitize(text.StartsWith(stack + "-", StringComparison.Ordinal) ? text[(stack.Length + 1)..] : text);
    }

    /// <summary>What a config calls <c>web-0</c> in instance 0 it calls <c>web-1</c> in instance 1.</summary>
    private static string Template(string name) => InstanceSuffix().Replace(name, "$1{instance}");

    private static string Sanitize(string name)
    {
        var text = Unusable().Replace(name.ToLowerInvariant(), "-").Trim('-', '_');
        return text.Length == 0 ? "app" : text;
    }

    private static string? Text(JsonObject entry, string key) =>
        entry[key] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    [GeneratedRegex(@"([-_])0\z")]
    private static partial Regex InstanceSuffix();

    [GeneratedRegex("[^a-z0-9_-]+")]
    private static partial Regex Unusable();
}
