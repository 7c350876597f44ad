namespace Manual;

/// <summary>A thing and what it means: an exit code, a variable, a file.</summary>
/// <param name="Subject">The thing.</param>
/// <param name="Meaning">What it means, without a full stop.</param>
internal sealed record Note(string Subject, string Meaning);
