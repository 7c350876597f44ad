using InstanceKit.Addresses;
using InstanceKit.Env;
using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Setup;

/// <summary>Makes an app's env file fit for one instance.</summary>
internal static class EnvPatch
{
    /// <summary>
    /// Translates addresses of this stack, then sets the keys of <paramref name="set"/>: in place where
    /// the document has them, every time, else in a marked block. What does not change stays as it is, character by
    /// character; comments are never touched.
    /// </summary>
    /// <param name="source">The app's env file.</param>
    /// <param name="translator">Points values to the instance.</param>
    /// <param name="set">The instance's own values, in the order to append them; of one key, the last counts.</param>
    /// <param name="blockTitle">What the block of added keys is called, on one line, without quotes.</param>
    /// <exception cref="InstanceKitException">Exit code 2: a key is not valid, or a value can't be written.</exception>
    /// <param name="path">The env file's path, for the mentions.</param>
    /// <param name="defaults">
    /// What the app's sources assume where nothing sets it: added if it addresses the stack.
    /// </param>
    public static EnvPatchResult Apply(
        DotEnvDocument source, Translator translator, IReadOnlyList<KeyValuePair<string, string>> set, string blockTitle, string path = "",
        IReadOnlyDictionary<string, string>? defaults = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(translator);
        ArgumentNullException.ThrowIfNull(set);
        var own = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in set) own[key] = value;

        var causes = new Dictionary<int, string>();
        var values = EffectiveValues(source, own);
        var assumed = Assumed(defaults ?? new Dictionary<string, string>(), values, translator);
        var document = source;
        var mentions = new List<Mention>();
        for (var index = 0; index < source.Entries.Count; index++)
        {
            var entry = source.Entries[index];
            var (value, cause) = own.TryGetValue(entry.Key, out var wanted) || (entry.Value.Length == 0 && assumed.TryGetValue(entry.Key, out wanted))
                ? (wanted, EnvCause.Set)
                : Translated(translator.Translate(entry.Value, ReaderPlace.HostApp, entry.Key, values, $"{path}:{entry.Line}"), mentions);
            if (value == entry.Value) continue;
            document = document.WithValueAt(index, value);
            causes[index] = cause;
        }

        var known = source.Entries.Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in translator.Missing(values).Concat(assumed))
            own.TryAdd(key, value);
        var missing = own.Keys.Where(key => !known.Contains(key))
            .Select(key => KeyValuePair.Create(key, own[key])).ToList();
        if (missing.Count > 0) document = document.WithAdded(blockTitle, missing);

        return new EnvPatchResult
        {
            Document = document,
            Changes = Changes(source, document, causes, known),
            Mentions = mentions,
            Assumed = assumed,
            AddressedBasePorts = AddressedBasePorts(document.EffectiveValues(), assumed, translator),
        };
    }

    /// <summary>What is set because the sources assume it: their defaults that address the stack, and the ports that those lack.</summary>
    private static Dictionary<string, string> Assumed(
        IReadOnlyDictionary<string, string> defaults, Dictionary<string, string> values, Translator translator)
    {
        var unset = defaults.Where(d => string.IsNullOrEmpty(values.GetValueOrDefault(d.Key))).ToList();
        var all = new Dictionary<string, string>(values, StringComparer.Ordinal);
        foreach (var (key, value) in unset)
            all[key] = value;
        var own = translator.Missing(values).Select(m => m.Key).ToHashSet(StringComparer.Ordinal);
        return unset.Select(d => KeyValuePair.Create(d.Key, translator.Translate(d.Value, ReaderPlace.HostApp, d.Key, all).Text))
            .Where(d => d.Value != defaults[d.Key])
            .Concat(translator.Missing(all).Where(m => !own.Contains(m.Key) && !values.ContainsKey(m.Key)))
            .DistinctBy(d => d.Key).ToDictionary(StringComparer.Ordinal);
    }

    private static (string Value, string Cause) Translated(Translation translation, List<Mention> mentions)
    {
        mentions.AddRange(translation.Mentions);
        return (translation.Text, translation.Mentions is [{ Form: MentionForm.BarePort }] ? EnvCause.Port : EnvCause.Address);
    }

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

    private static int[] AddressedBasePorts(
        IReadOnlyDictionary<string, string> values, IReadOnlyDictionary<string, string> assumed, Translator translator)
    {
        var addressed = new SortedSet<int>(values.Where(v => !assumed.ContainsKey(v.Key)).SelectMany(v => translator.AddressedBy(v.Value, v.Key, values)));
        return [.. addressed];
    }
}

/// <summary>An env file adapted to one instance.</summary>
internal sealed record EnvPatchResult
{
    /// <summary>The patched document.</summary>
    public required DotEnvDocument Document { get; init; }

    /// <summary>What changed, in the order of the document; added keys last.</summary>
    public required IReadOnlyList<EnvChange> Changes { get; init; }

    /// <summary>What its values mention of the stack.</summary>
    public required IReadOnlyList<Mention> Mentions { get; init; }

    /// <summary>What was set because the app's sources assume it.</summary>
    public required IReadOnlyDictionary<string, string> Assumed { get; init; }

    /// <summary>
    /// The base ports of the ports of this instance that the document's expanded values refer to, ascending: by
    /// an address or by a port key. The app's own port is among them when the document names it; what the app's sources
    /// assume is not, since an app may do without it.
    /// </summary>
    public required IReadOnlyList<int> AddressedBasePorts { get; init; }
}

/// <summary>Why a value of an env file changed.</summary>
internal static class EnvCause
{
    /// <summary>The value contains an address of this stack on the local host.</summary>
    public const string Address = "address of this stack";

    /// <summary>The key is a port key, and its value a base port of this stack.</summary>
    public const string Port = "port of this stack";

    /// <summary>The instance sets the key to another value.</summary>
    public const string Set = "set for the instance";

    /// <summary>The instance needs the key and the file lacked it.</summary>
    public const string Added = "added for the instance";
}

/// <summary>One value of an env file that the patch changed or added.</summary>
/// <remarks>The values may contain passwords: show keys and causes, not values.</remarks>
/// <param name="Key">The name.</param>
/// <param name="Line">The line of the key in the patched document, from 1.</param>
/// <param name="From">The decoded value before; null for an added key.</param>
/// <param name="To">The decoded value now.</param>
/// <param name="Cause">One of the texts of <see cref="EnvCause"/>.</param>
internal sealed record EnvChange(string Key, int Line, string? From, string To, string Cause);

/// <summary>
/// The env files that dev servers and loaders read next to an app's <c>.env</c>. The instance's variables override them, so
/// they must include what these files change; variables only in these files, and not about this stack, are left to the app.
/// </summary>
internal static class EnvLayers
{
    /// <summary>What an instance sets because of them, in their order.</summary>
    /// <param name="source">The app's env file with its layers.</param>
    /// <param name="translator">Points values to the instance.</param>
    /// <param name="mentions">Gets what they mention of the stack.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> Decide(EnvSource source, Translator translator, List<Mention>? mentions = null)
    {
        if (source.Layers.Count == 0)
            return [];
        var own = DotEnvDocument.Parse(source.Text).Entries;
        var layers = EntriesOf(source.Layers.Where(l => !l.IsFallback));
        var set = own.Concat(layers).Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        var fallback = source.Layers.Where(l => l.IsFallback)
            .SelectMany(l => DotEnvDocument.Parse(l.Text).Entries.Where(e => !set.Contains(e.Key) && !l.Except.Contains(e.Key))).ToList();
        var known = own.Select(e => e.Key).ToHashSet(StringComparer.Ordinal);
        var values = new DotEnvExpansion(own.Concat(layers).Concat(fallback)).All();
        var places = source.Layers.SelectMany(l => DotEnvDocument.Parse(l.Text).Entries.Select(e => (e.Key, Place: $"{l.Path}:{e.Line}")))
            .Where(p => values.ContainsKey(p.Key)).GroupBy(p => p.Key).ToDictionary(g => g.Key, g => g.Last().Place, StringComparer.Ordinal);
        var result = new List<KeyValuePair<string, string>>();
        foreach (var key in layers.Concat(fallback).Select(e => e.Key).Distinct(StringComparer.Ordinal))
        {
            var translation = translator.Translate(values[key], ReaderPlace.HostApp, key, values, places[key]);
            mentions?.AddRange(translation.Mentions);
            if (known.Contains(key) || translation.Text != values[key])
                result.Add(KeyValuePair.Create(key, translation.Text));
        }

        return result;
    }

    private static List<DotEnvEntry> EntriesOf(IEnumerable<EnvSource> sources) =>
        [.. sources.SelectMany(s => DotEnvDocument.Parse(s.Text).Entries)];
}
