namespace InstanceKit.Processes;

/// <summary>What to run: a program with an argument list, never a joined command line.</summary>
public sealed record ProcessSpec
{
    /// <summary>The program's name on PATH or its absolute path.</summary>
    public required string Program { get; init; }

    /// <summary>The arguments, each passed as it is.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The working directory; <see langword="null"/> for the current one.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Changes to the inherited environment; a <see langword="null"/> value removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>How long the program may take before it is killed; <see langword="null"/> for no limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What to do when the program is not installed; shown with the error.</summary>
    public string? InstallHint { get; init; }

    /// <summary>The command as a person would type it. Arguments hold no secrets in this library.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(ShellQuote.Word));
}
