namespace InstanceKit.Generation;

/// <summary>An env file made fit for one instance.</summary>
public sealed record EnvPatchResult
{
    /// <summary>The patched document.</summary>
    public required DotEnvDocument Document { get; init; }

    /// <summary>What changed, in the order of the document; added keys last.</summary>
    public required IReadOnlyList<EnvChange> Changes { get; init; }

    /// <summary>
    /// The base ports behind the ports of this instance that the document's values refer to, expanded, ascending: by
    /// an address or by a port key. The app's own port is among them when the document names it.
    /// </summary>
    public required IReadOnlyList<int> AddressedBasePorts { get; init; }
}
