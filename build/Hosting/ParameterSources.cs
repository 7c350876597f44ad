using System.Collections;
using InstanceKit;

namespace Hosting;

/// <summary>Checks the values that do not stand on the command line: NUKE_ variables and <c>.nuke/parameters.json</c>.</summary>
internal static class ParameterSources
{
    private const string Prefix = "NUKE";

    /// <summary>Checks the variables that are meant for the build; an empty one counts as unset.</summary>
    /// <exception cref="InstanceKitException">A value cannot be read, or two variables mean one parameter.</exception>
    public static void CheckEnvironment(ParameterCatalog catalog)
    {
        var seen = new Dictionary<ParameterEntry, string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var (key, value) = ((string)variable.Key, (string?)variable.Value ?? "");
            var plain = AmbientVariables.Plain(key);
            if (!plain.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                continue;
            if (value.Length > 0 && ParameterCatalog.Unsupported.FirstOrDefault(name => name.Equals(plain[Prefix.Length..], StringComparison.OrdinalIgnoreCase)) is { } refused)
                throw InstanceKitException.Usage($"The variable {key} sets NUKE's parameter {refused}, which this build does not support.", $"Unset it: unset {key}");
            if (catalog.Find(plain[Prefix.Length..]) is not { } entry)
                continue;
            if (value.Length == 0)
            {
                AmbientVariables.Replace(key, null);
                continue;
            }

            if (!seen.TryAdd(entry, key))
                throw InstanceKitException.Usage($"The variables {seen[entry]} and {key} both mean {entry.Option}; unset one of them.");
            CommandLineGuard.Check(entry, value, $"{key}={value}");
        }
    }

    /// <summary>Checks the file of defaults.</summary>
    /// <exception cref="InstanceKitException">It has a key that is no parameter, or a value that cannot be read.</exception>
    public static void CheckFile(ParameterCatalog catalog, ParameterFile file)
    {
        foreach (var (name, values) in file.Parameters)
            Check(catalog, name, values, file);
    }

    private static void Check(ParameterCatalog catalog, string name, List<string> values, ParameterFile file)
    {
        var path = file.Path;
        // The engine compares these names with case.
        var entry = catalog.Entries.FirstOrDefault(one => one.Name == name)
                    ?? throw InstanceKitException.Usage(
                        $"{path}: there is no parameter '{name}'; the parameters are {string.Join(", ", catalog.Entries.Select(one => one.Name))}.");
        if (entry.NamesTargets)
            return;
        foreach (var value in values)
            CommandLineGuard.Check(entry, value, $"{path}, {name}", file.Root);
    }
}
