namespace Manual;

/// <summary>A command that a person may copy, and what it does.</summary>
/// <param name="Command">The command; <see cref="Launcher"/> stands for the way the build is called.</param>
/// <param name="Effect">One sentence.</param>
internal sealed record Example(string Command, string Effect)
{
    /// <summary>What stands for the way the build is called.</summary>
    public const string Launcher = "{build}";

    /// <summary>The command as it is typed.</summary>
    public string For(string launcher) => Command.Replace(Launcher, launcher, StringComparison.Ordinal);
}
