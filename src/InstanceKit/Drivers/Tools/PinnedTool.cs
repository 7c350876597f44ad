namespace InstanceKit.Drivers;

/// <summary>A tool that is fetched once, at the versions of a lock file that this library carries.</summary>
internal sealed record PinnedTool
{
    /// <summary>What it is called, with its version: <c>PM2 7.0.4</c>.</summary>
    public required string Title { get; init; }

    /// <summary>The name of its folder, which ends with the version.</summary>
    public required string Folder { get; init; }

    /// <summary>What the names of the resources begin with that are laid into the folder: the lock file and its like.</summary>
    public required string Resources { get; init; }

    /// <summary>A file that is there when the tool is, relative to the folder.</summary>
    public required string Proof { get; init; }

    /// <summary>What fetches it.</summary>
    public required PinnedToolSource Source { get; init; }

    /// <summary>What a person can do when it can't be fetched.</summary>
    public required string Remedy { get; init; }

    /// <summary>What is left to do in the folder once everything is fetched.</summary>
    public Action<string> Finish { get; init; } = _ => { };
}

/// <summary>What fetches a pinned tool.</summary>
internal enum PinnedToolSource
{
    /// <summary><c>npm ci</c>, which compares everything with the checksums of <c>package-lock.json</c>.</summary>
    Npm,

    /// <summary><c>dotnet publish</c> of a small program, with <c>packages.lock.json</c> locked.</summary>
    DotNet,
}
