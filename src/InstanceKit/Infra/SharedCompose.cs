using System.Text.Json;
using System.Text.Json.Nodes;
using InstanceKit.Compose;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Stacks;
using InstanceKit.Tenants;

namespace InstanceKit.Infra;

/// <summary>The Compose project of the shared infrastructure. It has copies of the files that it mounts, so that it needs no workspace.</summary>
/// <param name="Text">The compose file, as JSON, which is YAML.</param>
/// <param name="Copies">The files and directories to copy, by their place in the infrastructure's directory.</param>
internal sealed record SharedCompose(string Text, IReadOnlyDictionary<string, string> Copies)
{
    /// <summary>The name of the compose file.</summary>
    public const string FileName = "docker-compose.yml";

    private const string Files = "x-files";
    private const string UsersFolder = "/instancekit";
    private const string UsersFile = "users.conf";

    /// <summary>How many instances the servers are prepared for: those whose ports never meet.</summary>
    private const int MostInstances = 18;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, MaxDepth = 1000 };
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1000 };

    /// <summary>Makes it from a workspace's model.</summary>
    /// <param name="json">The whole model, as Compose prints it.</param>
    /// <param name="model">The same, read.</param>
    public static SharedCompose Of(string json, ComposeModel model, string workspace, IReadOnlyList<SharedService> shared)
    {
        var root = JsonNode.Parse(json, documentOptions: Deep)!.AsObject();
        var kinds = shared.ToDictionary(s => s.Name, s => s.Kind, StringComparer.Ordinal);
        var copies = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var services = new JsonObject();
        foreach (var service in model.Services.Where(s => kinds.ContainsKey(s.Name)))
        {
            var entry = root["services"]![service.Name]!.DeepClone().AsObject();
            var files = new JsonObject();
            Keep(entry, "depends_on", kinds.ContainsKey);
            entry.Remove("container_name");
            foreach (var mount in (entry["volumes"] as JsonArray ?? []).OfType<JsonObject>().Where(m => (string?)m["type"] == "bind"))
            {
                var declared = service.Mounts.First(m => m.Target == (string?)mount["target"]);
                if (InWorkspace((string)mount["source"]!, workspace) is not { } inside)
                    continue;
                mount["source"] = "./" + (DataPlaces.IsData(service, declared) ? $"data/{inside}" : Copy(inside));
                if (copies.TryGetValue($"files/{inside}", out var source))
                    files[inside] = HashOf(source);
            }

            // A container keeps the files that it was created with: only a change of its definition replaces it.
            if (files.Count > 0)
                entry[Files] = files;
            if (kinds[service.Name] is { } kind)
                Prepare(entry, service, kind);
            services[service.Name] = entry;
        }

        var result = new JsonObject { ["services"] = services };
        AddUsed("networks", s => (s["networks"] as JsonObject ?? []).Select(n => n.Key));
        AddUsed("volumes", s => (s["volumes"] as JsonArray ?? []).OfType<JsonObject>().Select(m => (string?)m["source"] ?? ""));
        foreach (var section in new[] { "configs", "secrets" })
        {
            AddUsed(section, s => (s[section] as JsonArray ?? []).OfType<JsonObject>().Select(m => (string?)m["source"] ?? ""));
            foreach (var (_, entry) in result[section] as JsonObject ?? [])
            {
                if ((string?)entry!["file"] is { } file && InWorkspace(file, workspace) is { } inside)
                    entry["file"] = "./" + Copy(inside);
            }
        }

        return new SharedCompose(result.ToJsonString(Indented) + "\n", copies);

        string Copy(string inside)
        {
            copies[$"files/{inside}"] = Path.Combine(workspace, inside.Replace("$$", "$", StringComparison.Ordinal));
            return $"files/{inside}";
        }

        void AddUsed(string section, Func<JsonObject, IEnumerable<string>> usedBy)
        {
            var used = services.SelectMany(s => usedBy(s.Value!.AsObject())).ToHashSet(StringComparer.Ordinal);
            var kept = new JsonObject();
            foreach (var (key, entry) in root[section] as JsonObject ?? [])
            {
                if (!used.Contains(key))
                    continue;
                kept[key] = entry?.DeepClone();
                if (kept[key] is JsonObject own && (string?)own["name"] == $"{model.Project}_{key}")
                    own.Remove("name");
            }

            if (kept.Count > 0)
                result[section] = kept;
        }
    }

    /// <summary>Where the users of a service are kept that its server reads at its start; <see langword="null"/> for none.</summary>
    /// <param name="folder">The infrastructure's directory.</param>
    public static string? FindUsersFile(string folder, string service) =>
        Path.Combine(folder, "users", service, UsersFile) is var file && File.Exists(file) ? file : null;

    /// <summary>The names of the services of a compose file that this wrote.</summary>
    public static IReadOnlyList<string> ServicesOf(string text)
    {
        using var document = JsonDocument.Parse(text, Deep);
        return [.. document.RootElement.GetProperty("services").EnumerateObject().Select(s => s.Name)];
    }

    /// <summary>How two versions differ, in the services that both have: "postgres: image postgres:16, here postgres:15".</summary>
    public static IReadOnlyList<string> Differences(string present, string wanted)
    {
        using var old = JsonDocument.Parse(present, Deep);
        using var own = JsonDocument.Parse(wanted, Deep);
        var (before, after) = (old.RootElement.GetProperty("services"), own.RootElement.GetProperty("services"));
        return
        [
            .. from service in after.EnumerateObject()
               where before.TryGetProperty(service.Name, out _)
               from key in service.Value.EnumerateObject().Concat(before.GetProperty(service.Name).EnumerateObject()).Select(k => k.Name).Distinct()
               let there = Shown(before.GetProperty(service.Name), key)
               let here = Shown(service.Value, key)
               where there != here
               select key == Files ? $"{service.Name}: its mounted files are others here" : $"{service.Name}: {key} is {there}, here {here}",
        ];

        // Environments, commands and labels may hold passwords.
        static string Shown(JsonElement service, string key) => !service.TryGetProperty(key, out var value) ? "not set"
            : key == "image" ? value.ToString() : $"other ({ContentHash.Of(value.ToString())[..8]})";
    }

    /// <summary>An earlier version, with the services that it lacks.</summary>
    public SharedCompose AddedTo(string present)
    {
        var root = JsonNode.Parse(present, documentOptions: Deep)!.AsObject();
        foreach (var (section, entries) in JsonNode.Parse(Text, documentOptions: Deep)!.AsObject())
        {
            if (root[section] is not JsonObject there)
                root[section] = there = [];
            foreach (var (key, entry) in entries!.AsObject().Where(e => !there.ContainsKey(e.Key)))
                there[key] = entry?.DeepClone();
        }

        return this with { Text = root.ToJsonString(Indented) + "\n" };
    }

    /// <summary>Writes it, with its copies.</summary>
    /// <exception cref="IOException">A file can't be written.</exception>
    public void Write(string folder)
    {
        FileStore.CreatePrivate(folder);
        foreach (var (place, source) in Copies)
        foreach (var file in FilesOf(source))
        {
            var copy = file == source ? Path.Combine(folder, place) : Path.Combine(folder, place, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        foreach (var service in JsonNode.Parse(Text, documentOptions: Deep)!["services"]!.AsObject().Where(s => ReadsUsers(s.Value!.AsObject())))
        {
            // Only this tool's user can enter the folder above; the server runs as another one.
            if (FindUsersFile(folder, service.Key) is null)
                FileStore.Write(Path.Combine(folder, "users", service.Key, UsersFile), "", FileAudience.Containers);
        }

        FileStore.Write(Path.Combine(folder, FileName), Text);
    }

    private static string HashOf(string source) => ContentHash.Of(
        FilesOf(source).SelectMany(f => new[] { Path.GetRelativePath(source, f), Convert.ToBase64String(File.ReadAllBytes(f)) }));

    /// <summary>The file itself, or all in a directory.</summary>
    private static IEnumerable<string> FilesOf(string source) => File.Exists(source) ? [source]
        : Directory.Exists(source) ? Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    private static string? InWorkspace(string path, string workspace)
    {
        var relative = Path.GetRelativePath(workspace, path.Replace("$$", "$", StringComparison.Ordinal)).Replace('\\', '/');
        return relative is "." or ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative)
            ? null : relative.Replace("$", "$$", StringComparison.Ordinal);
    }

    private static void Keep(JsonObject parent, string section, Func<string, bool> isKept)
    {
        if (parent[section] is not JsonObject entries)
            return;
        foreach (var key in entries.Select(e => e.Key).Where(k => !isKept(k)).ToList())
            entries.Remove(key);
        if (entries.Count == 0)
            parent.Remove(section);
    }

    /// <summary>Gives a server the settings that its tenants need. A command that is a shell's line is left alone.</summary>
    /// <exception cref="InstanceKitException">The server would not tell tenants apart without them.</exception>
    private static void Prepare(JsonObject entry, ComposeService service, TenantKind kind)
    {
        var needed = TenantKinds.CommandFor(kind, MostInstances);
        var words = service.Command ?? TenantKinds.UsualCommand(kind);
        if (needed.Count == 0)
            return;
        if (words.Any(w => w.Contains(' ')))
        {
            // PostgreSQL and Redis say themselves that they lack connections or databases; Loki would mix all tenants.
            if (kind == TenantKind.Loki)
            {
                throw InstanceKitException.Usage(
                    $"Service {service.Name} can't be shared: {string.Join(' ', needed)} can't be added to its command, which is a shell's line.",
                    $"Make it each instance's own in {StackFile.FileName}: infra: {{services: {{{service.Name}: own}}}}");
            }

            return;
        }

        // Redis forgets users when it restarts, unless it reads them from a file.
        if (kind == TenantKind.Redis && !words.Contains("--aclfile"))
        {
            needed = [.. needed, "--include", $"{UsersFolder}/{UsersFile}"];
            if (entry["volumes"] is not JsonArray mounts)
                entry["volumes"] = mounts = [];
            mounts.Add(new JsonObject { ["type"] = "bind", ["source"] = $"./users/{service.Name}", ["target"] = UsersFolder, ["read_only"] = true });
        }

        entry["command"] = new JsonArray([.. words.Concat(needed).Select(w => (JsonNode?)w)]);
    }

    private static bool ReadsUsers(JsonObject entry) =>
        (entry["volumes"] as JsonArray ?? []).OfType<JsonObject>().Any(m => (string?)m["target"] == UsersFolder);
}
