using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InstanceKit.Stacks;

/// <summary>What a PM2 entry runs: its own program, or the one that a script of its package.json starts.</summary>
/// <param name="Words">The words of the last command, without variables set before it.</param>
/// <param name="Separator">What must stand before options for that command; <see langword="null"/> for nothing.</param>
/// <param name="Variables">The variables that the script sets itself, overriding the environment.</param>
internal sealed partial record StartCommand(IReadOnlyList<string> Words, string? Separator, IReadOnlyDictionary<string, string> Variables)
{
    private static readonly string[] Runners = ["npm", "pnpm", "yarn", "bun"];
    private static readonly string[] Launchers = ["npx", "bunx", "pnpx", "cross-env", "cross-env-shell", "env"];
    private static readonly string[] CommandEnds = ["&&", "||", ";", "|", "&"];

    /// <summary>Understands an entry.</summary>
    /// <param name="entry">The PM2 entry, with <c>script</c> and <c>args</c>.</param>
    /// <param name="scripts">The scripts of the package.json in the entry's folder.</param>
    /// <returns><see langword="null"/> when the program is unknown, or options would reach something else.</returns>
    public static StartCommand? Of(JsonObject entry, IReadOnlyDictionary<string, string> scripts)
    {
        if (entry["script"] is not JsonValue value || !value.TryGetValue<string>(out var script))
            return null;
        // PM2 passes a script of several words to a shell, without the arguments.
        List<string> words = IsText(script) ? Split(script) : [script, .. ArgumentsOf(entry)];
        var runner = Path.GetFileNameWithoutExtension(words[0]);
        if (!Runners.Contains(runner))
            return Last(words, null);
        return ScriptName(runner, words) is { } name && scripts.TryGetValue(name, out var text)
            ? Last(Split(text), runner == "npm" && !words.Contains("--") ? "--" : null)
            : runner is "bun" && words.Count > 2 && words[1] is "x" ? Last([.. words.Skip(2)], null) : null;
    }

    /// <summary>The script of package.json that an entry runs; <see langword="null"/> for none.</summary>
    public static string? ScriptOf(JsonObject entry, IReadOnlyDictionary<string, string> scripts) =>
        entry["script"] is JsonValue value && value.TryGetValue<string>(out var script)
        && Split(script) is [var program, ..] words && Path.GetFileNameWithoutExtension(program) is var runner && Runners.Contains(runner)
        && ScriptName(runner, [.. words, .. ArgumentsOf(entry)]) is { } name
            ? scripts.GetValueOrDefault(name)
            : null;

    /// <summary>The env files that an entry's command names, relative to its folder.</summary>
    public static IReadOnlyList<string> EnvFilesOf(JsonObject entry, IReadOnlyDictionary<string, string> scripts)
    {
        var texts = new[] { entry["script"], entry["args"], entry["node_args"], entry["interpreter_args"] }
            .Select(n => n is JsonArray list ? string.Join(' ', list.Select(w => $"{w}")) : $"{n}").Append(ScriptOf(entry, scripts) ?? "");
        var named = EnvFile().Matches(string.Join(' ', texts)).Select(m => m.Groups["file"].Value.Trim('"', '\''));
        return [.. named.Concat(entry["env_file"] is JsonValue own ? [own.ToString()] : []).Distinct()];
    }

    [GeneratedRegex(
        @"--env-file(?:-if-exists)?[=\s]+(?<file>\S+)|\bdotenv\b[^&|;]*?\s-e[=\s]+(?<file>\S+)|\bdotenvx\b[^&|;]*?\s(?:-f|--env-file)[=\s]+(?<file>\S+)|\benv-cmd\b[^&|;]*?\s(?:-f|--file)[=\s]+(?<file>\S+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex EnvFile();

    /// <summary>Whether a script is a command line instead of a file or program.</summary>
    public static bool IsText(string script) => script.Trim().Contains(' ');

    /// <summary>The words of <c>args</c>.</summary>
    public static IReadOnlyList<string> ArgumentsOf(JsonObject entry) => WordsOf(entry, "args");

    /// <summary>The words of a key, which may be a text or a list.</summary>
    public static IReadOnlyList<string> WordsOf(JsonObject entry, string key) => entry[key] switch
    {
        JsonArray list => [.. list.OfType<JsonValue>().Select(v => v.ToString())],
        JsonValue text => Split(text.ToString()),
        _ => [],
    };

    /// <summary>The script that a runner runs: <c>npm run dev</c>, <c>yarn dev</c>, <c>npm start</c>.</summary>
    private static string? ScriptName(string runner, List<string> words)
    {
        var names = words.Skip(1).TakeWhile(w => w != "--").Where(w => !w.StartsWith('-')).ToList();
        return names switch
        {
            ["run" or "run-script", var name, ..] => name,
            ["start" or "test", ..] => names[0],
            [var name, ..] when runner != "npm" && name is not ("x" or "exec" or "dlx") => name,
            _ => null,
        };
    }

    /// <summary>Options at the end of a script reach its last command only.</summary>
    private static StartCommand? Last(List<string> words, string? separator)
    {
        var from = words.FindLastIndex(w => CommandEnds.Contains(w)) + 1;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        while (from < words.Count)
        {
            var word = words[from];
            if (word.IndexOf('=') is > 0 and var at && !word.StartsWith('-') && word[..at].All(c => char.IsLetterOrDigit(c) || c == '_'))
                variables[word[..at]] = word[(at + 1)..].Trim('"', '\'');
            else if (from + 1 < words.Count && IsLauncher(word, words[from + 1]))
                from++;
            else if (Path.GetFileName(word) == "node" && from + 1 < words.Count && words[from + 1].Contains("node_modules/", StringComparison.Ordinal))
            {
                from++;
                break;
            }
            else if (!Launchers.Contains(word) && !(from > 0 && Launchers.Contains(words[from - 1]) && word.StartsWith('-')))
                break;
            from++;
        }

        return from < words.Count ? new StartCommand(words[from..], separator, variables) : null;
    }

    /// <summary>Whether two words only start the program after them.</summary>
    private static bool IsLauncher(string word, string next) => (Path.GetFileNameWithoutExtension(word), next) switch
    {
        ("bun", "x" or "--bun") or ("python" or "python3", "-m") or ("uv" or "poetry" or "pipenv", "run") => true,
        _ => false,
    };

    private static List<string> Split(string text)
    {
        foreach (var end in CommandEnds.Where(e => e.Length == 2 || e == ";"))
            text = text.Replace(end, $" {end} ", StringComparison.Ordinal);
        return [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(w => w.Trim('"', '\''))];
    }
}
