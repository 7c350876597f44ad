using InstanceKit;
using InstanceKit.Observing;
using InstanceKit.Stacks;

namespace Output;

/// <summary>Shows the connections of instances: a summary and a table for each, and what talks to another instance.</summary>
internal sealed class ConnectionsText(SurfaceTraits traits, NextCommand next)
{
    /// <summary>The lines.</summary>
    /// <param name="looks">The instances; empty when all were requested and none exists.</param>
    /// <param name="workspace">The workspace's path.</param>
    public IEnumerable<InkLine> Draw(IReadOnlyList<InstanceConnections> looks, string workspace)
    {
        if (looks.Count == 0)
            yield return new InkLine((NoInstancesText.Of(workspace, $"Start one: {next.For("Up", 1)}"), Ink.Plain));
        var table = Create([.. looks.SelectMany(l => l.Connections)]);
        foreach (var (i, look) in looks.Index())
        {
            if (i > 0)
                yield return new InkLine();
            yield return new InkLine((StackDefinition.TitleOf(look.Instance, look.Project), Ink.Strong), ($"  {look.Project}", Ink.Faint));
            yield return new InkLine().PadTo(2).Add(Summarize(look), look.CrossTalk.Count > 0 ? Ink.Bad : Ink.Plain);
            if (look.Connections.Count > 0)
                yield return table.Head();
            foreach (var line in look.Connections.SelectMany(c => table.Draw(c, c.IsCrossTalk ? "✘" : "", Ink.Bad)))
                yield return line;
            foreach (var reason in look.Unread)
                yield return new InkLine().PadTo(2).Add("! ", Ink.Caution).Add(reason);
            if (look.Untranslated > 0)
                yield return new InkLine().PadTo(2).Add("! ", Ink.Caution).Add(next.ForUntranslated(look.Untranslated, look.Instance));
            foreach (var connection in look.CrossTalk)
                yield return new InkLine().PadTo(2).Add("✘ ", Ink.Bad).Add(connection.Describe());
        }

        if (looks.Any(l => l.CrossTalk.Count > 0))
        {
            yield return new InkLine();
            yield return new InkLine((
                "Set the address for the instance: in the app's env file, or in the compose file. If no variable is named, it is a default in the code.",
                Ink.Plain));
        }
    }

    private static string Summarize(InstanceConnections look)
    {
        if (look.Connections.Count == 0)
            return "No connections.";
        var counts = new List<string>();
        foreach (var (owner, words) in new[]
        {
            (ConnectionOwner.Own, "within the instance"), (ConnectionOwner.Instance, "with another instance"), (ConnectionOwner.Shared, "with what instances share"),
            (ConnectionOwner.Machine, "with other programs of this machine"), (ConnectionOwner.Outside, "with other machines"),
        })
        {
            if (look.Connections.Where(c => c.Other.Owner == owner).Sum(c => c.Count) is > 0 and var count)
                counts.Add($"{count} {words}");
        }

        var all = look.Connections.Sum(c => c.Count);
        return $"{all} {(all == 1 ? "connection" : "connections")}: {string.Join(", ", counts)}.";
    }

    private TextTable<InstanceConnection> Create(List<InstanceConnection> connections)
    {
        List<TextColumn<InstanceConnection>> columns =
        [
            new("CLIENT", c => NameOf(c.Client)) { Ink = InkOf },
            new("SERVER", c => NameOf(c.Server)) { Ink = InkOf },
            TextColumn<InstanceConnection>.Number("COUNT", c => $"{c.Count}"),
            new("ADDRESS", c => c.Server.Address) { Ink = _ => Ink.Faint },
        ];
        var table = new TextTable<InstanceConnection>(columns, connections, traits.Width);
        if (table.Width > traits.Width)
            table = new TextTable<InstanceConnection>(columns.SkipLast(1), connections, traits.Width);
        return table;
    }

    private static Ink InkOf(InstanceConnection connection) => connection.IsCrossTalk ? Ink.Bad : Ink.Plain;

    private static string NameOf(ConnectionEnd end) => end.Owner == ConnectionOwner.Own ? end.Name ?? "" : (end with { Pid = null }).Describe();
}

/// <summary>Compares two looks without what changes all the time: the clients' own ports, and how many connections there are.</summary>
internal static class ConnectionsChange
{
    /// <summary>A text that is equal for two looks without a change.</summary>
    public static string Of(IReadOnlyList<InstanceConnections> looks) => string.Join('\n', looks.Select(l =>
        $"{l.Instance} {string.Join(' ', l.Unread)}\n" + string.Join('\n', l.Connections.Select(c => $"{c.Client.Describe()} {c.Server.Describe()} {c.Server.Address}"))));
}
