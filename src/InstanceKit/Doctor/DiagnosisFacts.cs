using InstanceKit.Infra;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Stacks;

namespace InstanceKit.Doctor;

/// <summary>What was found on a machine, before anybody has judged it.</summary>
public sealed record DiagnosisFacts
{
    /// <summary>The operating system.</summary>
    public required HostSystem System { get; init; }

    /// <summary>The .NET SDK that <c>dotnet</c> chooses for this repository.</summary>
    public required ProgramFact Sdk { get; init; }

    /// <summary>Node.js.</summary>
    public required ProgramFact Node { get; init; }

    /// <summary>npm.</summary>
    public required ProgramFact Npm { get; init; }

    /// <summary>Docker Compose.</summary>
    public required ProgramFact Compose { get; init; }

    /// <summary>git.</summary>
    public required ProgramFact Git { get; init; }

    /// <summary>The version of the PM2 that is there; <see langword="null"/> where it would be fetched.</summary>
    public string? Pm2 { get; init; }

    /// <summary>The Docker engine.</summary>
    public required EngineFact Engine { get; init; }

    /// <summary>The workspace's path; <see langword="null"/> when it can't be used.</summary>
    public required string? Workspace { get; init; }

    /// <summary>Why the workspace can't be used.</summary>
    public InstanceKitException? WorkspaceProblem { get; init; }

    /// <summary>What runs the services, as requested by the command or the stack.</summary>
    public InfraMode Infra { get; init; } = InfraMode.Auto;

    /// <summary>The chosen instances; none where the workspace can't be used.</summary>
    public IReadOnlyList<InstanceFact> Instances { get; init; } = [];

    /// <summary>What can replace containers: those that the stack could use.</summary>
    public IReadOnlyList<ProviderFact> Providers { get; init; } = [];

    /// <summary>The workspace's packages; <see langword="null"/> without a lock file.</summary>
    internal PackagesFact? Packages { get; init; }

    /// <summary>Formats the commands that findings recommend.</summary>
    public NextCommand Next { get; init; } = NextCommand.Default;

    /// <summary>Memory.</summary>
    public required MemoryFact Memory { get; init; }

    /// <summary>Linux's limit of watched files for a user; <see langword="null"/> elsewhere.</summary>
    public long? FileWatches { get; init; }
}

/// <summary>The packages of a workspace.</summary>
/// <param name="Manager">What installs them.</param>
/// <param name="Missing">Why they have to be installed, and how; <see langword="null"/> if they are there.</param>
internal sealed record PackagesFact(PackageManager Manager, string? Missing);

/// <summary>An installed program.</summary>
/// <param name="Version">Its reported version; <see langword="null"/> when it is missing.</param>
/// <param name="Oldest">The oldest version that will do; <see langword="null"/> for any.</param>
/// <param name="Problem">Why there is no version, as a phrase; <see langword="null"/> for "not found".</param>
public sealed record ProgramFact(string? Version, Version? Oldest = null, string? Problem = null)
{
    /// <summary>What is needed where that is not simply a lowest version.</summary>
    public string? Needed { get; init; }

    /// <summary>Whether it exists, but did not report its version in time.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>Whether it is there, in a version that will do.</summary>
    public bool IsGood => Version is not null && !IsOld;

    /// <summary>Whether it is there, and too old.</summary>
    public bool IsOld => Oldest is not null && ParseVersion(Version) < Oldest;

    /// <summary>Reads a version from what a program prints: <c>v22.5.1</c>, <c>git version 2.39.5</c>, <c>2.26.1-4</c>.</summary>
    /// <returns><see langword="null"/> when none is in it.</returns>
    public static Version? ParseVersion(string? text) => (text ?? "").Split(' ', '\n', '\r')
        .Select(w => w.TrimStart('v').Split('-', '+', '~')[0])
        .Select(w => global::System.Version.TryParse(w, out var version) ? version : null)
        .FirstOrDefault(v => v is not null);
}

/// <summary>The Docker engine.</summary>
/// <param name="Version">Its version; <see langword="null"/> when it does not answer.</param>
/// <param name="Problem">Why it does not answer, as a sentence; <see langword="null"/> when it does.</param>
public sealed record EngineFact(string? Version, string? Problem)
{
    /// <summary>The oldest engine that this tool was tried with.</summary>
    public static readonly Version OldestVersion = new(20, 10);

    /// <summary>Whether something of it is installed that only needs to be started.</summary>
    public bool IsInstalled { get; init; }

    /// <summary>Whether it is running, but not accessible for this user.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Its data directory.</summary>
    public string? Root { get; init; }

    /// <summary>Free bytes there; <see langword="null"/> when that place is not on this machine.</summary>
    public long? FreeStorage { get; init; }

    /// <summary>The address pools for new networks; empty for the defaults.</summary>
    public IReadOnlyList<AddressPool> Pools { get; init; } = [];

    /// <summary>The ranges of its networks, in CIDR form.</summary>
    public IReadOnlyList<string> UsedRanges { get; init; } = [];
}

/// <summary>One of the chosen instances.</summary>
/// <param name="Number">Its number.</param>
/// <param name="RecordedInfra">What it was first brought up with; <see langword="null"/> when it never was.</param>
/// <param name="Ports">Its ports.</param>
public sealed record InstanceFact(int Number, InfraMode? RecordedInfra, IReadOnlyList<PortFact> Ports)
{
    /// <summary>How many places address the stack although no rule covers them; <see langword="null"/> without the instance's files.</summary>
    public int? Untranslated { get; init; }

    /// <summary>Whether it is the infrastructure that instances share.</summary>
    public bool IsShared { get; init; }

    /// <summary>What it is called within a sentence.</summary>
    internal string Name => IsShared ? "the shared infrastructure" : $"instance {Number}";
}

/// <summary>A port of an instance.</summary>
/// <param name="Port">The port.</param>
/// <param name="Name">What it is called: <c>POSTGRES</c>.</param>
/// <param name="Holder">Who uses it.</param>
/// <param name="Who">"process node (123)"; <see langword="null"/> unless someone else uses it.</param>
public sealed record PortFact(int Port, string Name, PortHolder Holder, string? Who = null);

/// <summary>Who has a port.</summary>
public enum PortHolder
{
    /// <summary>Nobody.</summary>
    Nobody,

    /// <summary>The instance itself.</summary>
    Instance,

    /// <summary>The infrastructure that the instance shares.</summary>
    Shared,

    /// <summary>Somebody else.</summary>
    Other,
}

/// <summary>Memory, in bytes, and the demand for it.</summary>
/// <param name="Total">All that there is.</param>
/// <param name="Available">The available memory; <see langword="null"/> if unknown.</param>
public sealed record MemoryFact(long Total, long? Available)
{
    /// <summary>The estimated need of an instance if no running one can be measured: 1.5 GiB.</summary>
    public const long DefaultPerInstance = 3L << 29;

    /// <summary>How many instances there are on this machine, with the chosen ones.</summary>
    public int Instances { get; init; }

    /// <summary>How many of them run.</summary>
    public int Running { get; init; }

    /// <summary>What a running instance has, on average; <see langword="null"/> when none runs or it can't be measured.</summary>
    public long? Measured { get; init; }
}

/// <summary>Runs one query, concurrently with others and with a time limit.</summary>
internal static class Probe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The reason when there is no answer in time; the program may still be installed.</summary>
    public static readonly string TimedOut = $"did not answer within {Limit.TotalSeconds:0} s";

    /// <summary>The answer, or its replacement when there is none.</summary>
    /// <param name="otherwise">Makes the answer from the reason why there is none.</param>
    public static async Task<T> AskAsync<T>(
        Func<CancellationToken, Task<T>> question, Func<string, T> otherwise, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            return await Task.Run(() => question(limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (InstanceKitException e)
        {
            return otherwise(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return otherwise(e.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return otherwise(TimedOut);
        }
    }
}

/// <summary>What was found of one thing that instances need.</summary>
/// <param name="Check">What was checked.</param>
/// <param name="Name">What people call it: "Node.js", "ports of instance 1".</param>
/// <param name="State">Whether it is as it must be.</param>
/// <param name="Found">What is there, as a phrase.</param>
/// <param name="Needed">What is needed, as a phrase.</param>
/// <param name="Remedy">What to do on this operating system; <see langword="null"/> where nothing is to be done.</param>
public sealed record Finding(Check Check, string Name, FindingState State, string Found, string Needed, string? Remedy = null);

/// <summary>Whether a requirement of instances is met.</summary>
public enum FindingState
{
    /// <summary>It is.</summary>
    Ok,

    /// <summary>Something works less well, or not in every case.</summary>
    Warning,

    /// <summary>Nothing can be brought up without it.</summary>
    Missing,
}

/// <summary>What is checked.</summary>
public enum Check
{
    /// <summary>The .NET SDK of <c>global.json</c>.</summary>
    DotNetSdk,

    /// <summary>Node.js.</summary>
    Node,

    /// <summary>npm.</summary>
    Npm,

    /// <summary>PM2.</summary>
    Pm2,

    /// <summary>The Docker engine.</summary>
    Engine,

    /// <summary>Free storage in the engine's data directory.</summary>
    EngineStorage,

    /// <summary>Address ranges that the engine can still assign to networks.</summary>
    AddressPools,

    /// <summary>Docker Compose.</summary>
    Compose,

    /// <summary>git.</summary>
    Git,

    /// <summary>The workspace whose stack would be run.</summary>
    Workspace,

    /// <summary>The packages of the workspace, and the package manager of its lock file.</summary>
    Packages,

    /// <summary>What would run the services.</summary>
    Infra,

    /// <summary>What can stand for containers on this machine.</summary>
    Embedded,

    /// <summary>The ports of an instance.</summary>
    Ports,

    /// <summary>What the static proof of an instance leaves open.</summary>
    Isolation,

    /// <summary>Memory for the instances that there are and that were chosen.</summary>
    Memory,

    /// <summary>Linux's limit of watched files.</summary>
    FileWatches,
}
