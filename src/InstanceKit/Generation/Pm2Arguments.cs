using System.Text.Json.Nodes;
using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Points the words of a PM2 entry to one instance: addresses in them, and the port of a dev server.</summary>
public static class Pm2Arguments
{
    private static readonly string[] Worded = ["args", "node_args", "interpreter_args"];
    private static readonly string[] Overriding = ["env-cmd", "dotenv", "dotenvx"];

    /// <summary>Changes the entry.</summary>
    /// <param name="entry">The entry, with its own <c>script</c> and <c>args</c>.</param>
    /// <param name="app">The app.</param>
    /// <param name="port">Its port; <see langword="null"/> for an app without one.</param>
    /// <param name="scripts">The scripts of the package.json in its folder.</param>
    /// <param name="patch">Points a text to the instance.</param>
    /// <param name="expand">Expands a template of the stack.</param>
    /// <returns>What a person should know, or <see langword="null"/>.</returns>
    public static string? Apply(
        JsonObject entry, AppDefinition app, int? port, IReadOnlyDictionary<string, string> scripts,
        Func<string, string> patch, Func<string, string> expand)
    {
        foreach (var key in Worded)
            PatchWords(entry, key, patch);
        if (port is not { } number)
            return null;

        var command = StartCommand.Of(entry, scripts);
        if (app.PortArguments is { } own)
            Append(entry, command?.Separator, [.. own.Select(expand)]);
        else if (command is not null && DevServer.Find(command.Words) is { } server)
            Append(entry, command.Separator, server.OptionsFor(number));
        else if (command is not null && Defies(command) is { } how)
            return $"App {app.Name} may not listen on port {number}: its script {how}. Give it the port with portArguments in instancekit.yml.";
        return null;
    }

    /// <summary>How a script makes the environment it was given void, or <see langword="null"/>.</summary>
    private static string? Defies(StartCommand command)
    {
        if (command.Variables.Contains("PORT"))
            return "sets PORT itself";
        if (!Overriding.Contains(Path.GetFileNameWithoutExtension(command.Words[0])))
            return null;
        var options = command.Words.TakeWhile(w => w != "--").ToList();
        return command.Words[0] == "env-cmd" ? options.Contains("--no-override") ? null : "lets env-cmd override the environment"
            : options.Any(o => o is "-o" or "--override" or "--overload") ? "lets its .env override the environment" : null;
    }

    private static void PatchWords(JsonObject entry, string key, Func<string, string> patch)
    {
        if (entry[key] is JsonArray words)
        {
            entry[key] = new JsonArray([.. words.Select(w =>
                w is JsonValue v && v.TryGetValue<string>(out var text) ? JsonValue.Create(patch(text)) : w?.DeepClone())]);
        }
        else if (entry[key] is JsonValue value && value.TryGetValue<string>(out var text))
        {
            entry[key] = patch(text);
        }
    }

    private static void Append(JsonObject entry, string? separator, IReadOnlyList<string> options)
    {
        if (options.Count == 0)
            return;
        List<string> added = separator is null ? [.. options] : [separator, .. options];
        if (entry["args"] is JsonArray words)
        {
            foreach (var word in added)
                words.Add((JsonNode)word);
        }
        else
        {
            // PM2 splits a text at its spaces, with quotes, as the workspace's author has written it for PM2.
            var text = entry["args"]?.ToString() ?? "";
            entry["args"] = $"{text} {string.Join(' ', added)}".Trim();
        }
    }
}
