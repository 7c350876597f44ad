namespace Manual;

/// <summary>What the manual says of a target.</summary>
/// <param name="Name">Its name: "Up".</param>
/// <param name="Summary">One sentence without its full stop.</param>
internal sealed record TargetPage(string Name, string Summary)
{
    /// <summary>The names of the parameters that it uses, beside those of every target.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>What stands behind its options: "-- COMMAND"; empty for nothing.</summary>
    public string Rest { get; init; } = "";

    /// <summary>Commands to copy.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>The exit codes that it can end with.</summary>
    public IReadOnlyList<int> ExitCodes { get; init; } = [0, 1, 2];
}
