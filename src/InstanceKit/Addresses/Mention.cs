namespace InstanceKit.Addresses;

/// <summary>Who reads a text, which decides what <c>localhost</c> means in it.</summary>
internal enum ReaderPlace
{
    /// <summary>An app on this machine: <c>localhost</c> is the machine.</summary>
    HostApp,

    /// <summary>A process in a container, from its command: <c>localhost</c> is the container.</summary>
    Container,

    /// <summary>A process in a container, from its environment; also the build of its image.</summary>
    ContainerVariable,

    /// <summary>A process in a container, from a mounted file.</summary>
    ContainerFile,

    /// <summary>The health check of a container, which asks the container itself.</summary>
    HealthCheck,

    /// <summary>The engine, which runs on the host: options of a log driver.</summary>
    Engine,

    /// <summary>A browser, or another client outside of the container.</summary>
    Browser,
}

/// <summary>How a text names a part of the stack.</summary>
public enum MentionForm
{
    /// <summary><c>localhost:5433</c>.</summary>
    HostAndPort,

    /// <summary>A URL without a port, which means the default port of its scheme.</summary>
    SchemeDefault,

    /// <summary>A connection string: <c>host=localhost port=5433</c>, <c>Server=localhost,1433</c>.</summary>
    ConnectionString,

    /// <summary>A host and a port beside each other: <c>{"host": "localhost", "port": 6379}</c>.</summary>
    Siblings,

    /// <summary>An empty variable that a client takes for the default address.</summary>
    Empty,

    /// <summary>A number alone, as the value of a variable for a port.</summary>
    BarePort,

    /// <summary>An address or range of one of the stack's networks.</summary>
    NetworkAddress,

    /// <summary>The fixed name of a container, network or volume.</summary>
    Name,

    /// <summary>A part of a shared server, or its user: the database in a URL.</summary>
    Tenant,

    /// <summary>What all instances of a machine have in common: the engine's containers, cookies of localhost, a secret.</summary>
    Shared,
}

/// <summary>What became of a mention.</summary>
public enum MentionDecision
{
    /// <summary>It names the instance now.</summary>
    Translated,

    /// <summary>It is a default of the sources that names instance 0; the instance sets the variable.</summary>
    Set,

    /// <summary>It stays, for a reason.</summary>
    Kept,

    /// <summary>It may name the stack; no rule covers it.</summary>
    Unknown,
}

/// <summary>A place in a text that names a part of the stack.</summary>
/// <param name="Where">The file and line, or the key.</param>
/// <param name="Position">Where the text names it, from 0.</param>
/// <param name="What">What the text names: <c>localhost:5433</c>. Never a user or password.</param>
/// <param name="Form">How.</param>
/// <param name="Decision">What became of it.</param>
public sealed record Mention(string Where, int Position, string What, MentionForm Form, MentionDecision Decision)
{
    /// <summary>What the instance's text names instead; <see langword="null"/> if it stays.</summary>
    public string? To { get; init; }

    /// <summary>Why it stays, or which variable is set; <see langword="null"/> if it is translated.</summary>
    public string? Reason { get; init; }
}

/// <summary>A text for one instance.</summary>
/// <param name="Text">The text; the same object as before if nothing changed.</param>
/// <param name="Mentions">What it names, in the order of the text.</param>
internal sealed record Translation(string Text, IReadOnlyList<Mention> Mentions);
