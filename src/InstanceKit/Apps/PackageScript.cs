using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using InstanceKit.Addresses;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Stacks;

namespace InstanceKit.Apps;

/// <summary>
/// The script of package.json that an app runs. What it sets itself overrides the environment of the instance, so that a
/// shell runs its translated text in place of the package manager.
/// </summary>
/// <param name="scripts">All scripts of the package.</param>
/// <param name="workspace">The workspace's absolute path; <see langword="null"/> where a shell can't run scripts.</param>
internal sealed partial class PackageScript(AppPlan app, IReadOnlyDictionary<string, string> scripts, Translator translator, string? workspace)
{
    private static readonly string[] Quiet = ["-s", "--silent", "--if-present"];

    /// <summary>Changes the entry where the script leads to instance 0, or says that it does.</summary>
    /// <param name="entry">The entry, complete otherwise.</param>
    /// <returns>A note for the user, or <see langword="null"/>; and whether the entry runs the script's text now.</returns>
    public (string? Note, bool IsReplaced) Apply(JsonObject entry)
    {
        if (StartCommand.ScriptOf(entry, scripts) is not { } text)
            return default;
        var environment = (entry["env"] as JsonObject ?? []).ToDictionary(v => v.Key, v => $"{v.Value}", StringComparer.Ordinal);
        // A known dev server is given its port as an option, which wins over the script's own.
        var isGivenPort = app.Definition.PortArguments is not null || (StartCommand.Of(entry, scripts) is { } command && DevServer.Find(command.Words) is not null);
        var names = new List<string>();
        var own = Translate(text, environment, names, isGivenPort);
        var isOverriding = own != (own = WithoutOverride(own));
        if (own != text && RunOf(entry) is { } run && Replace(entry, run, own))
        {
            var how = names.Count > 0 ? $"sets {string.Join(", ", names)}" : isOverriding ? "lets an env file override the environment" : "addresses the stack";
            return ($"App {app.Definition.Name} runs its script '{run.Name}' without {run.Runner} and with the instance's addresses, because the script {how}.", true);
        }

        foreach (var called in Called(text, []))
        {
            Translate(called, environment, names, isGivenPort);
            isOverriding |= WithoutOverride(called) != called;
        }

        var reason = names.Count > 0
            ? $"sets {string.Join(", ", names)}, which overrides the environment of the instance. Move {(names.Count == 1 ? "it" : "them")} to an env file."
            : isOverriding ? "lets an env file override the environment."
            : own != text ? "addresses the stack. Use variables of an env file."
            : null;
        return (reason is null ? null : $"App {app.Definition.Name} may use instance 0: its script {reason}", false);
    }

    /// <summary>The text for the instance.</summary>
    /// <param name="names">Gets the names of the variables that change.</param>
    /// <param name="isGivenPort">Whether the port of the app is not the script's affair.</param>
    private string Translate(string text, IReadOnlyDictionary<string, string> environment, List<string> names, bool isGivenPort)
    {
        var assignments = Assignment().Matches(text).ToList();
        var values = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        foreach (var assignment in assignments)
            values[assignment.Groups["name"].Value] = assignment.Groups["value"].Value;
        var result = new StringBuilder();
        var copied = 0;
        foreach (var assignment in assignments)
        {
            var (name, value) = (assignment.Groups["name"].Value, assignment.Groups["value"]);
            var own = name == "PORT" && !isGivenPort && app.Port is { } port ? $"{port}" : translator.Translate(value.Value, ReaderPlace.HostApp, name, values).Text;
            if (own != value.Value && !names.Contains(name))
                names.Add(name);
            result.Append(Words(text[copied..value.Index])).Append(own);
            copied = value.Index + value.Length;
        }

        return result.Append(Words(text[copied..])).ToString();

        string Words(string part) => part.Length == 0 ? part
            : isGivenPort && translator.Translate(part, ReaderPlace.HostApp).Text == part ? part
            : translator.Words([part])[0];
    }

    /// <summary>The instance's variables contain what the env file says, so it need not override them.</summary>
    private static string WithoutOverride(string text) => EnvCmd().Replace(Override().Replace(text, "${before}"), "env-cmd --no-override");

    /// <summary>The scripts that a script runs, and those that these run.</summary>
    private IEnumerable<string> Called(string text, HashSet<string> seen)
    {
        foreach (Match call in Call().Matches(text))
        {
            foreach (Capture capture in call.Groups["name"].Captures)
            {
                var name = capture.Value;
                foreach (var (key, called) in scripts.Where(s => name.EndsWith('*') ? s.Key.StartsWith(name.TrimEnd('*'), StringComparison.Ordinal) : s.Key == name))
                {
                    if (!seen.Add(key))
                        continue;
                    yield return called;
                    foreach (var further in Called(called, seen))
                        yield return further;
                }
            }
        }
    }

    private bool Replace(JsonObject entry, Run run, string text)
    {
        // What only the package manager does: other scripts around it, and variables of its own.
        if (workspace is null || scripts.ContainsKey($"pre{run.Name}") || scripts.ContainsKey($"post{run.Name}") || text.Contains("npm_", StringComparison.Ordinal))
            return false;
        var depth = Path.GetRelativePath(workspace, $"{entry["cwd"]}").Split('/').Count(p => p is not "." and not "..");
        var folders = Enumerable.Range(0, depth + 1).Select(i => $"$PWD/{string.Concat(Enumerable.Repeat("../", i))}node_modules/.bin");
        entry["script"] = "/bin/sh";
        entry["interpreter"] = "none";
        entry["args"] = new JsonArray("-c", $"export PATH=\"{string.Join(':', folders)}:$PATH\"; {string.Join(' ', run.Further.Select(ShellQuote.Word).Prepend(text))}");
        foreach (var key in new[] { "node_args", "interpreter_args" })
            entry.Remove(key);
        return true;
    }

    /// <summary>What an entry runs; <see langword="null"/> if it does more than to run a script of its own package.</summary>
    private static Run? RunOf(JsonObject entry)
    {
        if (entry["args"] is JsonValue written && written.ToString().AsSpan().ContainsAny("\"'"))
            return null;
        List<string> words = [.. $"{entry["script"]}".Split(' ', StringSplitOptions.RemoveEmptyEntries), .. StartCommand.ArgumentsOf(entry)];
        var runner = Path.GetFileNameWithoutExtension(words[0]);
        var rest = words.Skip(1).SkipWhile(w => w is "run" or "run-script" || Quiet.Contains(w)).ToList();
        if (rest is not [var name, .. var further] || name.StartsWith('-'))
            return null;
        return runner != "npm" ? new Run(runner, name, further)
            : further is [] ? new Run(runner, name, [])
            : further is ["--", .. var passed] ? new Run(runner, name, passed)
            : null;
    }

    private sealed record Run(string Runner, string Name, IReadOnlyList<string> Further);

    [GeneratedRegex("""(?<![\w-])(?<name>[A-Za-z_]\w*)=(?:"(?<value>[^"]*)"|'(?<value>[^']*)'|(?<value>[^\s"']+))""", RegexOptions.CultureInvariant)]
    private static partial Regex Assignment();

    [GeneratedRegex(@"(?<before>\bdotenvx?\b(?:(?!\s--\s)[^&|;])*?)\s(?:-o|--override|--overload)(?=\s)", RegexOptions.CultureInvariant)]
    private static partial Regex Override();

    [GeneratedRegex(@"(?<![\w./-])env-cmd(?=\s)(?!(?:(?!\s--\s)[^&|;])*\s--no-override\b)", RegexOptions.CultureInvariant)]
    private static partial Regex EnvCmd();

    [GeneratedRegex(@"\b(?:npm|pnpm|yarn|bun)\s+(?:run\s+|run-script\s+)?(?<name>[\w:.-]+)|\bnpm:(?<name>[\w:.*-]+)|\brun-[ps](?:\s+(?<name>[\w:.*-]+))+", RegexOptions.CultureInvariant)]
    private static partial Regex Call();
}
