namespace InstanceKit.Tests.Architecture;

/// <summary>A folder of the library, and what of it code stands in.</summary>
internal static class Room
{
    /// <summary>The ground that every room stands on: <c>ContentHash</c>, <c>InstanceKitException</c>, <c>ExitCode</c>.</summary>
    public const string Ground = "(ground)";

    /// <summary>The entrance, which sees all rooms.</summary>
    public const string Entrance = "(entrance)";

    /// <summary>The rooms from top to bottom, as src/InstanceKit/README.md describes them: each sees only those below it.</summary>
    public static IReadOnlyList<string> Order { get; } =
    [
        Entrance, "Doctor", "Verbs", "Starting", "Setup", "Observing", "Infra", "Leases", "Compose", "Apps",
        "Reconcile", "Instances", "Addresses", "Ports", "Stacks", "Pm2", "Models", "Env", "Tenants", "Engine", "Logs", "Platform", Ground,
    ];

    /// <summary>All types of the library that people wrote, or that the compiler made inside of such.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(InstanceKitException).Assembly.GetTypes().Where(t => Of(t) is not null)];

    /// <summary>The room that a type stands in; <see langword="null"/> for one that is not the library's.</summary>
    public static string? Of(Type type)
    {
        var parts = (type.Namespace ?? "").Split('.');
        return type.Assembly == typeof(InstanceKitException).Assembly && parts[0] == "InstanceKit"
            ? parts.Length > 1 ? parts[1] : Outermost(type).Name is nameof(InstanceManager) ? Entrance : Ground
            : null;
    }

    /// <summary>What people call a type: the outermost one around it, with its room.</summary>
    public static string NameOf(Type type) =>
        type.Namespace is "InstanceKit" ? Outermost(type).Name : $"{Of(type)}.{Outermost(type).Name}";

    private static Type Outermost(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type;
    }
}
