using System.Text.RegularExpressions;
using Xunit;

namespace InstanceKit.Tests.Architecture;

/// <summary>The arrows between the rooms of src/InstanceKit, read from the compiled code: down the list, never up.</summary>
public sealed partial class LayeringTests
{
    private static readonly ILookup<string, (string To, string User, string Used)> Uses = Room.Types
        .SelectMany(user => TypeUses.TypesOf(user).Where(used => Room.Of(used) is not null)
            .Select(used => (From: Room.Of(user)!, To: Room.Of(used)!, User: Room.NameOf(user), Used: Room.NameOf(used))))
        .Where(u => u.From != u.To).Distinct()
        .ToLookup(u => u.From, u => (u.To, u.User, u.Used));

    [Fact]
    public void Every_type_is_in_a_known_room() =>
        Assert.Equal(Room.Order.Order(StringComparer.Ordinal), Room.Types.Select(t => Room.Of(t)!).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void A_room_sees_only_the_rooms_below_it() => Assert.Empty(
        from room in Room.Order
        from use in Uses[room]
        where IndexOf(use.To) <= IndexOf(room)
        select $"{use.User} uses {use.Used}");

    [Fact]
    public void No_source_opens_a_room_above_its_own() => Assert.Empty(
        // Constants leave no trace in compiled code; the lines that open a file do.
        from file in RepositoryFiles.List("*.cs", "src/InstanceKit")
        where file.Split('/').Length > 3
        from Match opened in Using().Matches(RepositoryFiles.Read(file))
        where IndexOf(opened.Groups["room"].Value) < IndexOf(file.Split('/')[2])
        select $"{file} uses {opened.Groups["room"].Value}");

    [Fact]
    public void The_reader_of_code_sees_what_is_there()
    {
        // A rule that could not fail would prove nothing.
        Assert.Contains(Uses[Room.Entrance], u => u.To == "Verbs");
        Assert.Contains(Uses["Compose"], u => u.Used == "Platform.ProcessRunner");
        Assert.Contains(Uses["Setup"], u => u is { User: "Setup.InstancePlanner", Used: "Ports.PortPlanner" });
        Assert.Contains(Uses["Observing"], u => u.Used == "Engine.ObservedContainer");
    }

    private static int IndexOf(string room) => Room.Order.Index().First(r => r.Item == room).Index;

    [GeneratedRegex(@"^using (?:static )?InstanceKit\.(?<room>\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
