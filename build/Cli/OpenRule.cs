namespace Cli;

/// <summary>Whether <c>Open</c> may start a browser.</summary>
internal static class OpenRule
{
    /// <summary>
    /// Only for a user at this machine: standard output is a terminal, without SSH or CI.
    /// </summary>
    /// <param name="isTerminal">Whether standard output is a terminal.</param>
    /// <param name="variable">The value of an environment variable, or <see langword="null"/>.</param>
    public static bool MayOpen(bool isTerminal, Func<string, string?> variable) =>
        isTerminal && !new[] { "CI", "SSH_CONNECTION", "SSH_TTY" }.Any(name => variable(name) is { Length: > 0 });
}
