using InstanceKit;
using InstanceKit.Platform;
using InstanceKit.Verbs;
using Cli;

namespace Output;

/// <summary>Writes variables as lines that a shell can evaluate, whatever is in their values.</summary>
internal static class ExportText
{
    /// <summary>One line for each variable; a value of several lines stays one.</summary>
    /// <param name="output">Where the lines go, and notes on variables that can't be exported.</param>
    /// <param name="environments">The variables; of one instance.</param>
    /// <exception cref="InstanceKitException">There are several instances: their variables would overwrite each other.</exception>
    public static void Write(CommandOutput output, IReadOnlyList<InstanceEnvironment> environments, ShellKind shell)
    {
        if (environments is not [var environment])
        {
            throw InstanceKitException.Usage(
                $"Env prints shell variables, which {environments.Count} instances would overwrite.",
                "Name one instance, or add --json.");
        }

        foreach (var (name, value) in environment.Variables.Where(v => IsName(v.Key)))
            output.Data.Writer.Write(Line(shell, name, value) + "\n");
        var others = environment.Variables.Select(v => v.Key).Where(n => !IsName(n)).ToList();
        if (others.Count > 0 && output.Detail != Detail.Quiet)
            output.Messages.WriteSentence("!", Palette.Caution, $"Omitted, because these names are not valid shell variables: {string.Join(", ", others)}.");
    }

    /// <summary>The line that sets and exports a variable.</summary>
    public static string Line(ShellKind shell, string name, string value) => shell switch
    {
        ShellKind.Posix => $"export {name}={ShellQuote.Posix(value)}",
        ShellKind.Fish => $"set -gx {name} {ShellQuote.Fish(value)}",
        _ => $"$env:{name} = {ShellQuote.PowerShell(value)}",
    };

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
