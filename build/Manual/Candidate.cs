namespace Manual;

/// <summary>A word that could stand where the cursor is.</summary>
/// <param name="Value">The word.</param>
/// <param name="About">A few words about it; may be empty.</param>
internal sealed record Candidate(string Value, string About = "")
{
    /// <summary>Whether it may stand beside others in a list.</summary>
    public bool IsItem { get; init; } = true;
}
