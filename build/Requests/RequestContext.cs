namespace Requests;

/// <summary>Where and when a command was given.</summary>
internal sealed record RequestContext
{
    /// <summary>The absolute path of the folder that the person was in.</summary>
    public required string CurrentDirectory { get; init; }

    /// <summary>The absolute path of the repository that holds the build.</summary>
    public required string RepositoryRoot { get; init; }

    /// <summary>The value of an environment variable, or <see langword="null"/>.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The present time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How the person calls the build from here: <c>./build.sh</c>.</summary>
    public required string Launcher { get; init; }
}
