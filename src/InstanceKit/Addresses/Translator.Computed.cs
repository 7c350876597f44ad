namespace InstanceKit.Addresses;

/// <summary>Texts that the workspace computes for an instance, for example in its PM2 config.</summary>
internal sealed partial class Translator
{
    /// <summary>
    /// A text that was computed for the instance, with base ports where the computed ones address what instances share: that is not at
    /// the instance's own ports. <see langword="null"/> if it addresses nothing shared, or if that is unclear, with a mention.
    /// </summary>
    /// <param name="before">The same text in instance 0.</param>
    /// <param name="values">The variables beside it; <paramref name="valuesBefore"/> are those of instance 0.</param>
    public (string? Text, Mention? Unknown) Restore(
        string text, string before, string name, IReadOnlyDictionary<string, string>? values, IReadOnlyDictionary<string, string>? valuesBefore, string where)
    {
        if (_tenants is null || IsKept(name))
            return default;
        var old = Find(before, ReaderPlace.HostApp, name, valuesBefore).ToList();
        var now = Find(text, ReaderPlace.HostApp, name, values).ToList();
        if (!old.Any(a => _tenants.At(Ports.Translate(a.Port)) is not null))
            return default;
        var pairs = old.Zip(now).Where(p => Ports.Translate(p.First.Port) is { } port && p.Second.Port != port).ToList();
        // What is computed and stays must not be taken for a base port afterwards.
        var isClear = old.Count == now.Count && now.Except(pairs.Select(p => p.Second)).All(a => Ports.Translate(a.Port) is not { } port || port == a.Port);
        if (!isClear)
        {
            return (null, new Mention(where, 0, name.Length > 0 ? name : "an argument", MentionForm.Tenant, MentionDecision.Unknown)
            {
                Reason = "it is computed and addresses a service that all instances share; write the address of instance 0 instead",
            });
        }

        foreach (var (first, second) in pairs.OrderByDescending(p => p.Second.PortPosition))
            text = $"{text[..second.PortPosition]}{second.Lead}{first.Port}{text[second.End..]}";
        return (text, null);
    }
}
