namespace InstanceKit.Generation;

/// <summary>Makes an app's env file fit for one instance.</summary>
public static class EnvPatch
{
    /// <summary>
    /// Translates what addresses this stack, then gives the keys of <paramref name="set"/> their values: in place where
    /// the document has them, every time, else in a marked block. What does not change stays as it is, character by
    /// character; comments are never touched.
    /// </summary>
    /// <param name="source">The app's env file.</param>
    /// <param name="literals">Points values to the instance.</param>
    /// <param name="set">The instance's own values, in the order to append them; of one key, the last counts.</param>
    /// <param name="blockTitle">What the block of added keys is called, on one line, without quotes.</param>
    /// <exception cref="InstanceKitException">Exit code 2: a key is no name, or a value cannot be written.</exception>
    public static EnvPatchResult Apply(
        DotEnvDocument source, AppLiterals literals, IReadOnlyList<KeyValuePair<string, string>> set, string blockTitle)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(literals);
        ArgumentNullException.ThrowIfNull(set);
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in set) own[key] = value;

        var causes = new Dictionary<int, string>();
        var values = EffectiveValues(source, own);
        var document = source;
        for (var index = 0; index < source.Entries.Count; index++)
        {
            var entry = source.Entries[index];
            var (value, cause) = own.TryGetValue(entry.Key, out var wanted)
                ? (wanted, EnvCause.Set)
                : Translated(entry, literals, values);
            if (value == entry.Value) continue;
            document = document.WithValueAt(index, value);
            causes[index] = cause;
        }

        var known = source.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var missing = set.Select(pair => pair.Key).Distinct(StringComparer.Ordinal).Where(key => !known.Contains(key))
            .Select(key => KeyValuePair.Create(key, own[key])).ToList();
        if (missing.Count > 0) document = document.WithAdded(blockTitle, missing);

        return new EnvPatchResult
        {
            Document = document,
            Changes = Changes(source, document, causes, known),
            AddressedBasePorts = AddressedBasePorts(document.EffectiveValues(), literals),
        };
    }

    private static (string Value, string Cause) Translated(
        DotEnvEntry entry, AppLiterals literals, IReadOnlyDictionary<string, string> values) =>
        literals.PortOf(entry.Key, entry.Value, values) is { } port
            ? (port.ToString(), EnvCause.Port)
            : (literals.Patch(entry.Key, entry.Value), EnvCause.Address);

    private static Dictionary<string, string> EffectiveValues(DotEnvDocument source, Dictionary<string, string> own)
    {
        var values = new Dictionary<string, string>(source.EffectiveValues(), StringComparer.Ordinal);
        foreach (var (key, value) in own) values[key] = value;
        return values;
    }

    private static List<EnvChange> Changes(
        DotEnvDocument source, DotEnvDocument final, Dictionary<int, string> causes, HashSet<string> known)
    {
        var changes = new List<EnvChange>();
        var added = new List<EnvChange>();
        var index = 0;
        foreach (var entry in final.Entries)
        {
            if (!known.Contains(entry.Key))
            {
                added.Add(new EnvChange(entry.Key, entry.Line, null, entry.Value, EnvCause.Added));
                continue;
            }

            if (causes.TryGetValue(index, out var cause))
                changes.Add(new EnvChange(entry.Key, entry.Line, source.Entries[index].Value, entry.Value, cause));
            index++;
        }

        return [.. changes, .. added];
    }

    private static int[] AddressedBasePorts(IReadOnlyDictionary<string, string> values, AppLiterals literals)
    {
        var addressed = new SortedSet<int>();
        foreach (var (key, value) in values)
        {
            var named = HostAddressScanner.Find(value, literals.Hosts).Select(address => address.Port);
            if (EnvPortKey.LocalPort(key, value, values, literals.Hosts) is { } port) named = named.Append(port);
            addressed.UnionWith(named.Select(literals.Ports.BaseOf).OfType<int>());
        }

        return [.. addressed];
    }
}
