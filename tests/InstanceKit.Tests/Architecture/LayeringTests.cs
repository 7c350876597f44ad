using System.Text.RegularExpressions;
using Xunit;

namespace InstanceKit.Tests.Architecture;

/// <summary>The house rules of src/InstanceKit: which room may see which, read from the compiled code.</summary>
/// <remarks>
/// Top to bottom: Lifecycle; then, beside each other, the pure rooms (Status, Planning, Generation, Instances, Ports,
/// Stacks) and the touching ones (Drivers, Processes). Generation stands above Instances since a plan of an instance
/// is made from what is generated.
/// </remarks>
public sealed partial class LayeringTests
{
    private static readonly string[] Pure = ["Status", "Planning", "Generation", "Instances", "Ports", "Stacks"];
    private static readonly string[] Touching = ["Drivers", "Processes"];

    /// <summary>
    /// The only words in which a driver may speak to the pure rooms: paths and records of instances, what it observed,
    /// the labels it looks for, the compose model that it reads.
    /// </summary>
    private static readonly string[] DriversMaySee =
        ["Instances.", "Planning.ObservedState", "Planning.ObservedContainer", "Planning.ContainerState", "Planning.ContainerHealth",
         "Planning.ObservedProcess", "Planning.ProcessState", "Planning.ResourceUse", "Generation.InstanceLabels", "Stacks.", "Ports.PortPlan", "Ports.PortAssignment"];

    private static readonly ILookup<string, (string To, string User, string Used)> Uses = Room.Types
        .SelectMany(user => TypeUses.TypesOf(user).Where(used => Room.Of(used) is not null)
            .Select(used => (From: Room.Of(user)!, To: Room.Of(used)!, User: Room.NameOf(user), Used: Room.NameOf(used))))
        .Where(u => u.From != u.To && u.To != Room.Ground).Distinct()
        .ToLookup(u => u.From, u => (u.To, u.User, u.Used));

    [Fact]
    public void Every_type_stands_in_a_room_of_the_house() => Assert.Equal(
        [Room.Ground, "Drivers", "Generation", "Instances", "Lifecycle", "Planning", "Ports", "Processes", "Stacks", "Status"],
        Room.Types.Select(t => Room.Of(t)!).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void The_ground_stands_on_nothing() => Assert.Empty(Uses[Room.Ground]);

    [Fact]
    public void A_pure_room_sees_only_the_pure_rooms_below_it() => Assert.Empty(
        from room in Pure
        from use in Uses[room]
        where Array.IndexOf(Pure, use.To) <= Array.IndexOf(Pure, room)
        select $"{use.User} uses {use.Used}");

    [Fact]
    public void Processes_sees_no_other_room() => Assert.Empty(Uses["Processes"]);

    [Fact]
    public void Drivers_sees_processes_and_few_words_of_the_pure_rooms() => Assert.Empty(
        Uses["Drivers"].Where(u => u.To != "Processes" && !DriversMaySee.Any(word =>
                word.EndsWith('.') ? u.Used.StartsWith(word, StringComparison.Ordinal) : u.Used == word))
            .Select(u => $"{u.User} uses {u.Used}").Distinct());

    [Fact]
    public void Nobody_sees_the_lifecycle() => Assert.DoesNotContain(
        "Lifecycle", Pure.Concat(Touching).SelectMany(room => Uses[room]).Select(u => u.To));

    [Fact]
    public void No_source_names_a_room_that_its_code_may_not_see()
    {
        // Constants leave no trace in compiled code; the lines that open a file do.
        var order = Pure.Prepend("Lifecycle").ToArray();
        Assert.Empty(
            from file in RepositoryFiles.List("*.cs", "src/InstanceKit")
            let room = file.Split('/')[2]
            from Match opened in Using().Matches(RepositoryFiles.Read(file))
            let seen = opened.Groups["room"].Value
            where room != "Lifecycle" && room != seen && (Pure.Contains(room)
                ? Array.IndexOf(order, seen) <= Array.IndexOf(order, room)
                : room == "Processes" || seen == "Lifecycle")
            select $"{file} uses {seen}");
    }

    [Fact]
    public void The_reader_of_code_sees_what_is_there()
    {
        // A rule that could not fail would prove nothing.
        Assert.Contains(Uses["Lifecycle"], u => u.To == "Drivers");
        Assert.Contains(Uses["Drivers"], u => u.Used == "Processes.ProcessRunner");
        Assert.Contains(Uses["Generation"], u => u is { User: "Generation.InstancePlanner", Used: "Ports.PortPlanner" });
        Assert.Contains(Uses["Status"], u => u.Used == "Planning.ObservedContainer");
    }

    [GeneratedRegex(@"^using (?:static )?InstanceKit\.(?<room>\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
