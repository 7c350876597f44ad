using InstanceKit;

namespace Cli;

/// <summary>A shell, by how it wants words quoted.</summary>
internal enum ShellKind
{
    /// <summary>bash, zsh and every other shell that follows POSIX.</summary>
    Posix,

    /// <summary>fish.</summary>
    Fish,

    /// <summary>PowerShell.</summary>
    PowerShell,
}

/// <summary>The word after <c>--shell</c>.</summary>
internal static class ShellKindWord
{
    /// <summary>Parses the word; nothing means the default shell of the system.</summary>
    /// <exception cref="InstanceKitException">It is another word.</exception>
    public static ShellKind Parse(string? word) => word switch
    {
        null => OperatingSystem.IsWindows() ? ShellKind.PowerShell : ShellKind.Posix,
        "bash" or "zsh" or "sh" => ShellKind.Posix,
        "fish" => ShellKind.Fish,
        "pwsh" or "powershell" => ShellKind.PowerShell,
        _ => throw InstanceKitException.Usage($"--shell '{word}' is not a supported shell.", "Use bash, zsh, fish or powershell."),
    };
}
