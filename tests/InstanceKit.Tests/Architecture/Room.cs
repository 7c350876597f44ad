namespace InstanceKit.Tests.Architecture;

/// <summary>A folder of the library, and what of it code stands in.</summary>
internal static class Room
{
    /// <summary>The ground that every room stands on: <c>ContentHash</c>, <c>InstanceKitException</c>, <c>ExitCode</c>.</summary>
    public const string Ground = "(ground)";

    /// <summary>All types of the library that people wrote, or that the compiler made inside of such.</summary>
    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(InstanceKitException).Assembly.GetTypes().Where(t => Of(t) is not null)];

    /// <summary>The room that a type stands in; <see langword="null"/> for one that is not the library's.</summary>
    public static string? Of(Type type)
    {
        var parts = (type.Namespace ?? "").Split('.');
        return type.Assembly == typeof(InstanceKitException).Assembly && parts[0] == "InstanceKit"
            ? parts.Length > 1 ? parts[1] : Ground
            : null;
    }

    /// <summary>What people call a type: the outermost one around it, with its room.</summary>
    public static string NameOf(Type type)
    {
        while (type.DeclaringType is { } outer)
            type = outer;
        return type.Namespace is "InstanceKit" ? type.Name : $"{Of(type)}.{type.Name}";
    }
}
