namespace InstanceKit.IntegrationTests.Support;

/// <summary>An instance number that no other test on this machine uses; its ports are free for this test alone.</summary>
internal sealed class InstanceNumber : IDisposable
{
    // No two of them differ by 18 or 59, so that no two have a port in common; none of their ports is ephemeral.
    private static readonly int[] Candidates =
        [.. Enumerable.Range(100, 18), .. Enumerable.Range(136, 18), .. Enumerable.Range(177, 18)];

    private readonly FileStream _claim;

    private InstanceNumber(int value, FileStream claim)
    {
        Value = value;
        _claim = claim;
    }

    /// <summary>The number.</summary>
    public int Value { get; }

    /// <summary>Takes the first one that is free. The system gives it back when the process ends, however that happens.</summary>
    public static InstanceNumber Take()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "instancekit-tests")).FullName;
        foreach (var candidate in Candidates)
        {
            if (TryOpen(Path.Combine(folder, $"instance-{candidate}.lock")) is { } claim)
                return new InstanceNumber(candidate, claim);
        }

        throw new InvalidOperationException($"All {Candidates.Length} instance numbers for tests are in use (see {folder}).");
    }

    /// <inheritdoc />
    public void Dispose() => _claim.Dispose();

    private static FileStream? TryOpen(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null; // somebody has it
        }
    }
}
