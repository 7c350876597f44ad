using System.Text.Json.Nodes;
using InstanceKit.Addresses;

namespace InstanceKit.Apps;

/// <summary>Points the texts of one PM2 entry to an instance.</summary>
/// <param name="translator">The translator of the instance.</param>
/// <param name="origin">The entry as it is in instance 0: what differs there was computed. <see langword="null"/> if unknown.</param>
/// <param name="app">The app's short name, for the mentions.</param>
internal sealed class Pm2Literals(Translator translator, JsonObject? origin = null, string app = "")
{
    private readonly List<Mention> _mentions = [];

    /// <summary>What the texts that were asked for mention.</summary>
    public IReadOnlyList<Mention> Mentions => _mentions;

    /// <summary>The variables of the entry.</summary>
    /// <param name="declared">The variables as evaluated.</param>
    /// <param name="envFile">Those of the app's env file, which win.</param>
    public IEnumerable<KeyValuePair<string, string>> Environment(JsonObject? declared, IReadOnlyDictionary<string, string> envFile)
    {
        var own = (declared ?? []).Where(v => v.Value is JsonValue).ToDictionary(v => v.Key, v => v.Value!.ToString(), StringComparer.Ordinal);
        var computed = Computed(own, origin?["env"] as JsonObject, "env");
        var values = new Dictionary<string, string>(own, StringComparer.Ordinal);
        foreach (var (name, value) in envFile)
            values[name] = value;
        return own.Select(v => KeyValuePair.Create(v.Key, computed.Contains(v.Key)
            ? v.Value
            : v.Key == "NODE_OPTIONS" ? translator.Words([v.Value])[0]
            : Translate(v.Value, v.Key, values, $"env.{v.Key}")))
            .Concat(translator.Missing(values));
    }

    /// <summary>The variables of a mode: <c>env_development</c>.</summary>
    public JsonObject Mode(string mode, JsonObject declared)
    {
        var own = declared.Where(v => v.Value is JsonValue).ToDictionary(v => v.Key, v => v.Value!.ToString(), StringComparer.Ordinal);
        var computed = Computed(own, origin?[mode] as JsonObject, mode);
        return new JsonObject(own.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)JsonValue.Create(
            computed.Contains(v.Key) ? v.Value : Translate(v.Value, v.Key, own, $"{mode}.{v.Key}")))));
    }

    /// <summary>The words of one key.</summary>
    public IReadOnlyList<string> Words(IReadOnlyList<string> words, string key)
    {
        var before = origin?[key] switch
        {
            JsonArray list => list.OfType<JsonValue>().Select(w => w.ToString()).ToList(),
            JsonValue one => [one.ToString()],
            _ => null,
        };
        var restored = new HashSet<string>(StringComparer.Ordinal);
        if (before?.Count == words.Count)
        {
            words = [.. words.Select((word, i) => before[i] != word && Restore(word, before[i], "", null, null, $"{app} {key}") is { } own && restored.Add(own) ? own : word)];
        }

        var translated = translator.Words(words);
        foreach (var (word, i) in words.Select((w, i) => (w, i)).Where(w => w.w != translated[w.i] && (before?.Contains(w.w) != false || restored.Contains(w.w))))
        {
            // Beside addresses, an option may name a port: only that is shown, since words may contain passwords.
            var found = translator.Translate(word, ReaderPlace.HostApp, where: $"{app} {key}").Mentions;
            _mentions.AddRange(found.Count > 0 ? found : [new Mention($"{app} {key}", 0, PortIn(word), MentionForm.BarePort, MentionDecision.Translated) { To = PortIn(translated[i]) }]);
        }

        return [.. words.Select((word, i) => before is not null && !before.Contains(word) && !restored.Contains(word) ? word : translated[i])];
    }

    private string Translate(string text, string name, IReadOnlyDictionary<string, string> values, string key)
    {
        var (translated, found) = translator.Translate(text, ReaderPlace.HostApp, name, values, $"{app} {key}");
        _mentions.AddRange(found);
        return translated;
    }

    private static string PortIn(string word) => word.AsSpan().IndexOfAnyInRange('0', '9') < 0 ? "--inspect"
        : new([.. word.Reverse().SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit).Reverse()]);

    /// <summary>The variables that were computed for the instance and stay; those that address shared services become as in instance 0.</summary>
    private HashSet<string> Computed(Dictionary<string, string> own, JsonObject? before, string key)
    {
        if (origin is null)
            return [];
        var old = (before ?? []).Where(v => v.Value is JsonValue).ToDictionary(v => v.Key, v => v.Value!.ToString(), StringComparer.Ordinal);
        var computed = own.Where(v => old.GetValueOrDefault(v.Key) != v.Value).ToList();
        var restored = computed.Where(v => old.ContainsKey(v.Key))
            .Select(v => (v.Key, Text: Restore(v.Value, old[v.Key], v.Key, own, old, $"{app} {key}.{v.Key}"))).Where(v => v.Text is not null).ToList();
        foreach (var (name, text) in restored)
            own[name] = text!;
        return [.. computed.Select(v => v.Key).Except(restored.Select(r => r.Key))];
    }

    private string? Restore(
        string text, string before, string name, IReadOnlyDictionary<string, string>? values, IReadOnlyDictionary<string, string>? valuesBefore, string where)
    {
        var (restored, unknown) = translator.Restore(text, before, name, values, valuesBefore, where);
        if (unknown is not null)
            _mentions.Add(unknown);
        return restored;
    }
}
