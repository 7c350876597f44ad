namespace InstanceKit.Stacks;

/// <summary>What runs the services of an instance.</summary>
public enum InfraMode
{
    /// <summary>Compose where an engine answers, otherwise processes; an instance that exists stays what it is.</summary>
    Auto,

    /// <summary>Containers, by Compose.</summary>
    Compose,

    /// <summary>Processes of this machine, by PM2.</summary>
    Embedded,
}
