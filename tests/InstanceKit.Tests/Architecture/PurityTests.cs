using System.Reflection;
using Xunit;

namespace InstanceKit.Tests.Architecture;

/// <summary>What decides uses no clock, file, socket, process, chance or environment; nothing in the library has a console.</summary>
public sealed class PurityTests
{
    private static readonly string[] Pure = [Room.Ground, "Status", "Planning", "Generation", "Instances", "Ports", "Stacks"];

    private static readonly string[] ForbiddenNamespaces =
        ["System.Net.Sockets", "System.Net.Http", "System.Diagnostics", "System.Threading", "System.Threading.Tasks", "System.IO.Pipes"];

    private static readonly string[] ForbiddenTypes =
    [
        "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.DirectoryInfo",
        "System.IO.StreamReader", "System.IO.StreamWriter", "System.TimeProvider", "System.Random",
        "System.Console", "System.AppContext", "System.OperatingSystem",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.IO.Path.GetTempPath", "System.IO.Path.GetTempFileName",
        "System.IO.Path.Exists", "System.Security.Cryptography.RandomNumberGenerator.GetBytes",
    ];

    /// <summary>What the compiler puts into every iterator.</summary>
    private const string OfIterators = "System.Environment.get_CurrentManagedThreadId";

    [Fact]
    public void A_pure_room_touches_nothing_of_the_world() => Assert.Empty(
        from type in Room.Types
        where Pure.Contains(Room.Of(type))
        from used in Touched(type)
        select $"{Room.NameOf(type)} uses {used}");

    [Fact]
    public void A_touching_room_is_seen_to_touch() => Assert.Contains(
        "System.IO.File", Room.Types.Where(t => Room.Of(t) == "Drivers").SelectMany(Touched));

    [Fact]
    public void The_library_references_no_engine_of_builds_and_no_console()
    {
        var references = typeof(InstanceKitException).Assembly.GetReferencedAssemblies().Select(a => a.Name!).ToList();

        Assert.Contains("CliWrap", references);
        Assert.DoesNotContain(references, name =>
            name == "System.Console" || name.StartsWith("Nuke", StringComparison.Ordinal) || name.StartsWith("Spectre", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Touched(Type type)
    {
        var types = TypeUses.TypesOf(type).Select(t => (t.Namespace, t.FullName ?? t.Name))
            .Where(t => ForbiddenNamespaces.Contains(t.Namespace) || ForbiddenTypes.Contains(t.Item2))
            .Select(t => t.Item2);
        var members = TypeUses.MembersOf(type).OfType<MethodBase>()
            .Select(m => $"{m.DeclaringType?.FullName}.{m.Name}").Where(IsForbidden);
        return types.Concat(members).Distinct();
    }

    private static bool IsForbidden(string member) =>
        ForbiddenMembers.Contains(member)
        || (member.StartsWith("System.Environment.", StringComparison.Ordinal) && member != OfIterators);
}
