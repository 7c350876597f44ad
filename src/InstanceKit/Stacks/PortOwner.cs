namespace InstanceKit.Stacks;

/// <summary>What publishes a port: a Compose service or a PM2 app.</summary>
public enum OwnerKind
{
    /// <summary>A service of the compose files.</summary>
    Service,

    /// <summary>An app run by PM2.</summary>
    App,
}

/// <summary>Who publishes a port.</summary>
/// <param name="Kind">Service or app.</param>
/// <param name="Name">The service's name in the compose files, or the app's in the stack.</param>
public sealed record PortOwner(OwnerKind Kind, string Name)
{
    /// <summary>Reads as "service postgres".</summary>
    public override string ToString() => $"{(Kind == OwnerKind.Service ? "service" : "app")} {Name}";
}
