using System.Reflection;
using Xunit;

namespace InstanceKit.Tests.Architecture;

/// <summary>A class that touches files, sockets, processes or the environment says so in its name.</summary>
public sealed class PurityTests
{
    private static readonly string[] Endings = ["Client", "Store", "Probe", "Reader", "Runner"];

    private static readonly string[] ForbiddenNamespaces = ["System.Net.Sockets", "System.Net.Http", "System.IO.Pipes"];

    private static readonly string[] ForbiddenTypes =
    [
        "System.IO.File", "System.IO.Directory", "System.IO.FileStream", "System.IO.FileInfo", "System.IO.DirectoryInfo",
        "System.IO.StreamReader", "System.IO.StreamWriter", "System.Random", "System.Console",
        "System.Diagnostics.Process", "System.Diagnostics.ProcessStartInfo",
    ];

    private static readonly string[] ForbiddenMembers =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.IO.Path.GetTempPath", "System.IO.Path.GetTempFileName",
        "System.IO.Path.Exists", "System.Security.Cryptography.RandomNumberGenerator.GetBytes", "System.TimeProvider.get_System",
        "System.Environment.GetEnvironmentVariable", "System.Environment.GetEnvironmentVariables", "System.Environment.Exit",
    ];

    /// <summary>The rooms that carry things out, and the room of the world itself.</summary>
    private static readonly string[] Touching =
        [Room.Entrance, "Doctor", "Verbs", "Starting", "Setup", "Observing", "Infra", "Leases", "Platform"];

    /// <summary>Values that know where they come from, and a lock.</summary>
    private static readonly string[] Exceptions =
    [
        "Compose.ComposeQuestion", "Engine.EngineEndpoint", "Engine.EngineTls", "Instances.InstanceLock", "Pm2.Pm2Environment", "Pm2.Pm2Home",
    ];

    [Fact]
    public void A_class_between_them_that_touches_the_world_says_so_in_its_name() => Assert.Empty(
        (from type in Room.Types
         let name = Room.NameOf(type)
         where !Touching.Contains(Room.Of(type)) && !Exceptions.Contains(name)
         where !Endings.Any(e => name.TrimEnd('s').EndsWith(e, StringComparison.Ordinal))
         from used in Touched(type)
         select $"{name} uses {used}").ToList());

    [Fact]
    public void A_pure_class_is_told_from_a_touching_one()
    {
        // A rule that could not fail would prove nothing.
        Assert.Contains("System.IO.File", Room.Types.Where(t => Room.NameOf(t) == "Instances.LeaseStore").SelectMany(Touched));
        Assert.All(Exceptions, name => Assert.Contains(Room.Types, t => Room.NameOf(t) == name && Touched(t).Any()));
    }

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
            .Where(t => ForbiddenTypes.Contains(t.Item2)
                || (ForbiddenNamespaces.Contains(t.Namespace) && !t.Item2.EndsWith("Exception", StringComparison.Ordinal) && !t.Item2.EndsWith("SocketError", StringComparison.Ordinal)))
            .Select(t => t.Item2);
        var members = TypeUses.MembersOf(type).OfType<MethodBase>()
            .Select(m => $"{m.DeclaringType?.FullName}.{m.Name}").Where(ForbiddenMembers.Contains);
        return types.Concat(members).Distinct();
    }
}
