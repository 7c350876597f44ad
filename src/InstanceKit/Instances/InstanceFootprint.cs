namespace InstanceKit.Instances;

/// <summary>Everything of an instance that another one could fight it over, as the merged compose model and the port plan say.</summary>
public sealed record InstanceFootprint
{
    /// <summary>The published ports, each as <c>tcp/5533</c>, on whatever host address.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Names of the engine, each with its kind: <c>container studio-db</c>, <c>network x_default</c>, <c>volume x_data</c>.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Fixed address ranges in CIDR form.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];
}
