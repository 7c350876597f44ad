using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace InstanceKit.Stacks;

/// <summary>The ports of one app of a PM2 config, as far as its variables, its command and its env file say.</summary>
/// <param name="Port">The one it listens on; <see langword="null"/> when none was found.</param>
/// <param name="Guess">Where the one comes from if it may be another app's: the variable's name.</param>
/// <param name="Further">Others, such as its inspector's.</param>
internal sealed partial record AppPorts(int? Port, string? Guess, IReadOnlyList<FurtherPort> Further)
{
    /// <summary>The port of Node's inspector if an option names none.</summary>
    public const int InspectorPort = 9229;

    private const string Mode = "env_development";
    private static readonly string[] PortOptions =
        ["--port", "-p", "--server-port", "--server.port", "--http-port", "--http.port", "--listen-port", "--web-port", "--app-port", "--api-port", "-port"];
    private static readonly string[] AddressOptions = ["-b", "--bind", "-l", "--listen", "--addr", "--address", "--urls", "-addr", "-listen", "-S", "runserver", "http.server"];
    private static readonly string[] Purposes = ["METRICS", "ADMIN", "HEALTH", "GRPC", "WS", "WEBSOCKET", "DEBUG", "MANAGEMENT", "HMR"];

    /// <summary>Finds the ports.</summary>
    /// <param name="entry">The entry, evaluated for instance 0.</param>
    /// <param name="scripts">The scripts of the package.json in its folder.</param>
    /// <param name="variables">The variables of its env file.</param>
    /// <param name="isOfService">Whether the compose files name a variable or number, which is then a service's.</param>
    public static AppPorts Of(
        JsonObject entry, IReadOnlyDictionary<string, string> scripts, IReadOnlyDictionary<string, string> variables,
        Func<string, int, bool> isOfService)
    {
        var command = StartCommand.Of(entry, scripts);
        List<string> words = [.. StartCommand.WordsOf(entry, "args"), .. StartCommand.WordsOf(entry, "script").Skip(1), .. command?.Words ?? []];
        var own = Variables(entry);
        // A number in the script wins over the environment; a default in it, ${PORT:-3000}, does not.
        foreach (var (name, value) in command?.Variables ?? new Dictionary<string, string>())
        {
            if (Number(value) is not null)
                own[name] = value;
            else
                own.TryAdd(name, Default().Match(value) is { Success: true } match ? match.Groups["value"].Value : value);
        }

        var guess = Guessed(entry, own, isOfService) ?? Guessed(entry, variables, isOfService);
        var certain = Number(own.GetValueOrDefault("PORT")) ?? OfOptions(words) ?? Number(variables.GetValueOrDefault("PORT"));
        var port = certain ?? guess?.Value ?? (command is null ? null : DevServer.Find(command.Words)?.DefaultPort);
        return new AppPorts(port, certain is null ? guess?.Key : null, [.. Others(entry, own, words, isOfService).Where(f => f.Port != port).DistinctBy(f => f.Port)]);
    }

    /// <summary>The variables that the config sets, also those of the mode for development.</summary>
    private static Dictionary<string, string> Variables(JsonObject entry)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in (entry[Mode] as JsonObject ?? []).Concat(entry["env"] as JsonObject ?? []))
            found[name] = $"{value}";
        return found;
    }

    private static int? OfOptions(List<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var at = words[i].IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at > 0 ? (words[i][..at], words[i][(at + 1)..]) : (words[i], i + 1 < words.Count ? words[i + 1] : "");
            if (PortOptions.Contains(name) && Number(value) is { } port)
                return port;
            if (words[i].StartsWith("-p", StringComparison.Ordinal) && Number(words[i][2..]) is { } joined)
                return joined;
            if (AddressOptions.Contains(name) && Address().Match(value) is { Success: true } match && Number(match.Groups["port"].Value) is { } bound)
                return bound;
        }

        return null;
    }

    private static IEnumerable<FurtherPort> Others(
        JsonObject entry, Dictionary<string, string> own, List<string> words, Func<string, int, bool> isOfService)
    {
        var options = words.Concat(StartCommand.WordsOf(entry, "node_args")).Concat(StartCommand.WordsOf(entry, "interpreter_args"))
            .Concat(own.GetValueOrDefault("NODE_OPTIONS", "").Split(' '));
        foreach (var option in options)
        {
            if (Inspector().Match(option) is { Success: true } match)
                yield return new FurtherPort("INSPECT", Number(match.Groups["port"].Value) ?? InspectorPort);
        }

        foreach (var purpose in Purposes)
        {
            if (Number(own.GetValueOrDefault($"{purpose}_PORT")) is { } port && !own.ContainsKey($"{purpose}_HOST") && !isOfService($"{purpose}_PORT", port))
                yield return new FurtherPort(purpose, port);
            var option = $"--{purpose.ToLowerInvariant()}-port";
            var at = words.FindIndex(w => w == option || w.StartsWith(option + "=", StringComparison.Ordinal));
            if (at >= 0 && Number(words[at] == option ? words.ElementAtOrDefault(at + 1) : words[at][(option.Length + 1)..]) is { } given && !isOfService("", given))
                yield return new FurtherPort(purpose, given);
        }
    }

    /// <summary>A variable such as <c>API_PORT</c> that probably is the app's own port: it may also be that of another app or service.</summary>
    private static KeyValuePair<string, int>? Guessed(
        JsonObject entry, IReadOnlyDictionary<string, string> values, Func<string, int, bool> isOfService)
    {
        var name = $"{entry["name"]}".ToUpperInvariant();
        if (WorksInBackground().IsMatch(name))
            return null;
        var parts = NotWord().Split(name);
        var found = (from value in values
                     where value.Key.EndsWith("_PORT", StringComparison.Ordinal)
                     let stem = value.Key[..^"_PORT".Length]
                     let isNamed = parts.Contains(stem) || stem == string.Join('_', parts)
                     where (isNamed || Server().IsMatch(stem)) && Number(value.Value) is not null && IsListening(values, stem)
                     let port = Number(value.Value)!.Value
                     where !isOfService(value.Key, port)
                     orderby isNamed descending
                     select (value.Key, Port: port, isNamed)).ToList();
        return found.Count == 0 || (found.Count > 1 && found[0].isNamed == found[1].isNamed) ? null : KeyValuePair.Create(found[0].Key, found[0].Port);
    }

    /// <summary>Beside the name of a host, a port is one that a client connects to; a server names the address it listens on.</summary>
    private static bool IsListening(IReadOnlyDictionary<string, string> values, string stem) =>
        values.GetValueOrDefault($"{stem}_HOST") is null or "" or "0.0.0.0" or "::";

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535 ? number : null;

    [GeneratedRegex(@"^\$\{\w+:?-(?<value>\d+)\}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Default();

    [GeneratedRegex(@"^(?:\S*:)?(?<port>[1-9]\d{1,4})/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"^--(?:inspect(?:-brk|-wait)?\z|(?:inspect(?:-brk|-wait|-port)?|debug-port)=(?:\S*:)?(?<port>\d{2,5})\z)", RegexOptions.CultureInvariant)]
    private static partial Regex Inspector();

    [GeneratedRegex("^(?:API|APP|WEB|HTTP|SERVER|BACKEND|FRONTEND|LISTEN|SERVICE|NEXT|VITE|NUXT|NITRO|NODE|DEV|DEV_SERVER|UI)\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Server();

    [GeneratedRegex("WORKER|QUEUE|CRON|JOB|SCHED|CONSUMER|MIGRAT|SEED|WATCH", RegexOptions.CultureInvariant)]
    private static partial Regex WorksInBackground();

    [GeneratedRegex("[^A-Z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotWord();
}

/// <summary>Another port of an app.</summary>
/// <param name="Name">What it is for: <c>INSPECT</c>.</param>
/// <param name="Port">Its number in instance 0.</param>
internal sealed record FurtherPort(string Name, int Port);
