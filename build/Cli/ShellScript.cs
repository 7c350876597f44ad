using System.Reflection;
using InstanceKit;
using InstanceKit.Platform;

namespace Cli;

/// <summary>The script that makes a shell call <see cref="CompletionQuery"/>.</summary>
internal static class ShellScript
{
    private const string Root = "{root}";

    /// <summary>The script of a shell.</summary>
    /// <param name="shell">What was written after <c>--shell</c>.</param>
    /// <param name="root">The repository to use if the command is not a path: an alias, a function.</param>
    /// <param name="launcher">How the build is called.</param>
    /// <exception cref="InstanceKitException">The shell is missing or not supported.</exception>
    public static string For(string? shell, string root, string launcher) => shell switch
    {
        "bash" or "zsh" => Read(shell, Within(ShellQuote.Posix(root))),
        "fish" => Read(shell, Within(ShellQuote.Fish(root))),
        "powershell" or "pwsh" => Read("ps1", Within(ShellQuote.PowerShell(root))),
        _ => throw InstanceKitException.Usage(
            shell is null ? "Completion needs the name of a shell." : $"--shell '{shell}' is not a supported shell.",
            $"Use bash, zsh, fish or powershell: {launcher} Completion --shell bash"),
    };

    /// <summary>The scripts contain the quotes themselves.</summary>
    private static string Within(string quoted) => quoted[1..^1];

    private static string Read(string extension, string root)
    {
        var assembly = Assembly.GetExecutingAssembly();
        using var reader = new StreamReader(assembly.GetManifestResourceStream($"completion.{extension}")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n").Replace(Root, root, StringComparison.Ordinal);
    }
}
