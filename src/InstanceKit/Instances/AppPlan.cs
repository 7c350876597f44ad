using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>One app of one instance.</summary>
public sealed record AppPlan
{
    /// <summary>The app as the stack declares it.</summary>
    public required AppDefinition Definition { get; init; }

    /// <summary>Its PM2 name: <c>shipsec-backend-1</c>.</summary>
    public required string ProcessName { get; init; }

    /// <summary>The port it must listen on; <see langword="null"/> for an app without one.</summary>
    public required int? Port { get; init; }

    /// <summary>The services whose ports its env file addresses: it is started when these are ready.</summary>
    public required IReadOnlyList<AppNeed> Needs { get; init; }
}

/// <summary>A service that an app needs, and the port by which it reaches it.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Port">The instance's published port that the app's env file addresses.</param>
public sealed record AppNeed(string Service, int Port);
