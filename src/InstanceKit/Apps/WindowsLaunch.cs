using System.Text.Json.Nodes;
using InstanceKit.Stacks;

namespace InstanceKit.Apps;

/// <summary>
/// Lets PM2 start <c>npm</c>, <c>npx</c>, <c>pnpm</c> and their kind on Windows: there they are scripts for the command
/// shell, which Node.js refuses to start as programs, and PM2 would run as JavaScript.
/// </summary>
internal static class WindowsLaunch
{
    private static readonly string[] ShellScripts = [".cmd", ".bat"];

    /// <summary>Changes an entry whose <c>script</c> is such a one; leaves every other as it is.</summary>
    /// <param name="entry">The PM2 entry.</param>
    /// <param name="find">Finds a program on the search path, with the ending that it has there.</param>
    /// <param name="shell">The path of the command shell.</param>
    public static void Apply(JsonObject entry, Func<string, string?> find, string shell)
    {
        if (entry["script"] is not JsonValue value || !value.TryGetValue<string>(out var script))
            return;
        var isWord = !script.Contains('/') && !script.Contains('\\');
        var program = IsShellScript(script) ? script : isWord && !script.Contains('.') ? find(script) : null;
        if (program is null || !IsShellScript(program))
            return;
        entry["script"] = shell;
        // The bare name, because a program path with blanks would have to be quoted twice for the shell.
        entry["args"] = new JsonArray([.. new[] { "/d", "/s", "/c", script }.Concat(StartCommand.ArgumentsOf(entry)).Select(w => (JsonNode?)w)]);
        entry["interpreter"] = "none";
    }

    private static bool IsShellScript(string program) =>
        ShellScripts.Any(ending => program.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
}
