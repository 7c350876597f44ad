using System.Text.Json.Nodes;

namespace InstanceKit.Stacks;

/// <summary>Takes in further projects, each with a folder and variables of its own.</summary>
/// <param name="files">Reads their files.</param>
internal sealed class ComposeInclude(ComposeFileReading files)
{
    /// <summary>Adds what the entries of <c>include</c> bring.</summary>
    /// <param name="result">What there is so far; it is changed.</param>
    /// <param name="include">The entries.</param>
    /// <param name="place">Their place.</param>
    /// <param name="depth">How many projects include this one.</param>
    /// <exception cref="InstanceKitException">A file is missing, wrong or elsewhere, or brings what is there already and different.</exception>
    public void Add(JsonObject result, JsonNode include, ComposePlace place, int depth)
    {
        foreach (var item in ListShape.Items(include))
        {
            var entry = item as JsonObject ?? new JsonObject { ["path"] = item?.DeepClone() };
            foreach (var (key, _) in entry.Where(e => e.Key is not ("path" or "project_directory" or "env_file")))
                throw place.Unknown($"has the unknown key {key}");
            var paths = Texts(entry["path"], place).Select(p => ComposeFileReading.Local(p, place)).ToList();
            if (paths.Count == 0)
                throw place.Wrong("has an entry without a path");
            var own = ComposeScalar.Text(entry["project_directory"], place) is { } directory
                ? place.Resolve(directory)
                : Path.GetDirectoryName(paths[0])!;
            var envFiles = entry["env_file"] is { } env
                ? files.ReadEnv(Texts(env, place).Select(place.Resolve), isRequired: true, files.Variables)
                : files.ReadEnv([Path.Combine(own, ".env")], isRequired: false, files.Variables);
            Import(result, new ComposeAssembly(files.With(envFiles), own).Assemble(paths, depth + 1), place);
        }
    }

    private static void Import(JsonObject result, JsonObject included, ComposePlace place)
    {
        foreach (var (section, entries) in included)
        {
            if (result[section] is not JsonObject known)
                result[section] = known = [];
            foreach (var (name, entry) in (JsonObject)entries!)
            {
                if (known[name] is { } other && !JsonNode.DeepEquals(other, entry))
                    throw place.Wrong($"brings {section}.{name}, which is there already and different");
                known[name] = entry?.DeepClone();
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node, ComposePlace place) =>
        ListShape.Items(node).Select(i => ComposeScalar.Text(i, place)).OfType<string>();
}
