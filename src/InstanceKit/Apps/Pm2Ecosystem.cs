using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using InstanceKit.Addresses;
using System.Text.RegularExpressions;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;
using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Apps;

/// <summary>The PM2 ecosystem of one instance: the workspace's own apps, overlaid so that they are this instance's.</summary>
/// <param name="Json">The file's whole text. It contains the apps' environment, including secrets.</param>
/// <param name="Fingerprints">SHA-256 of each app's entry, by its PM2 name; also in the app's environment.</param>
/// <param name="Notes">Apps of the workspace's config that are not this stack's and are not started.</param>
internal sealed record Pm2Ecosystem(
    string Json, IReadOnlyDictionary<string, string> Fingerprints, IReadOnlyList<string> Notes)
{
    /// <summary>Marks a process as an instance's, see <see cref="InstanceSpec.OwnerMarker"/>.</summary>
    public const string OwnerVariable = ProcessMarks.Owner;

    /// <summary>Carries the fingerprint of the configuration that a process was started with.</summary>
    public const string FingerprintVariable = ProcessMarks.Fingerprint;

    /// <summary>What the entries mention of the stack; where each is: "api env.DATABASE_URL".</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    private static readonly IReadOnlyDictionary<string, string> NoScripts = new Dictionary<string, string>();

    private static readonly JsonSerializerOptions Options =
        new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Keys of an entry that are replaced or do not apply here. PM2 stores <c>env_file</c> and never reads it;
    /// a fixed log or pid file would be shared by all instances.
    /// </summary>
    private static readonly string[] Dropped =
    [
        "env_file", "out", "output", "out_file", "error", "err_file", "error_file", "log", "log_file", "pid", "pid_file",
        "pm_out_log_path", "pm_err_log_path", "pm_pid_path",
    ];

    /// <summary>Makes the ecosystem.</summary>
    /// <param name="environments">The variables of each app's env file, by the app's short name.</param>
    /// <param name="config">
    /// The apps of the workspace's own config, evaluated for this instance, as a JSON array; <see langword="null"/>
    /// where it has none.
    /// </param>
    /// <param name="scripts">
    /// The scripts of each app's package.json, by the app's short name, to detect its dev server.
    /// </param>
    /// <param name="subnets">The instance's address ranges; <see langword="null"/> where none is fixed.</param>
    /// <param name="launch">Adapts an entry to what this system can start; <see langword="null"/> if not needed.</param>
    /// <param name="baseline">
    /// The same config evaluated for instance 0: what is equal in both is written there and translated, what differs was
    /// computed. <see langword="null"/> if unknown.
    /// </param>
    /// <param name="model">The compose model, whose fixed names change; <see langword="null"/> to keep names.</param>
    /// <param name="runsScripts">Whether a shell can run the scripts of package.json as the package manager does.</param>
    public static Pm2Ecosystem Create(
        InstanceSpec spec,
        PortPlan ports,
        IReadOnlyList<AppPlan> apps,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> environments,
        string? config,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>? scripts = null,
        SubnetPlan? subnets = null,
        Action<JsonObject>? launch = null,
        string? baseline = null,
        bool runsScripts = true,
        ComposeModel? model = null)
    {
        var notes = new List<string>();
        var declared = config is null ? [] : AppsOf(config);
        var used = new HashSet<JsonObject>();
        var fingerprints = new Dictionary<string, string>(StringComparer.Ordinal);
        var origins = baseline is null ? [] : AppsOf(baseline);
        if (origins.Count != declared.Count)
            origins.Clear();
        var translator = spec.TranslatorFor(ports, subnets, model, isWanted: origins.Count > 0 ? null : NotComputed(ports));
        var (entries, mentions) = (new JsonArray(), new List<Mention>());
        var addressed = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        foreach (var app in apps)
        {
            var own = Find(declared, spec, app);
            if (own is not null)
                used.Add(own);
            var literals = new Pm2Literals(translator, own is not null && origins.Count > 0 ? origins[declared.IndexOf(own)] : null, app.Definition.Name);
            // What the config sets itself wins over what sources assume.
            var envFile = environments[app.Definition.Name].Where(v => !app.Assumed.ContainsKey(v.Key) || own?["env"]?[v.Key] is null).ToDictionary(StringComparer.Ordinal);
            var entry = Overlay(own ?? Generated(app), spec, ports, app, envFile, literals);
            if (Unite(entry, app.Definition.Name) is { } united)
                notes.Add(united);
            var ofPackage = scripts?.GetValueOrDefault(app.Definition.Name) ?? NoScripts;
            var note = Pm2Arguments.Apply(entry, app.Definition, app.Port, ofPackage, literals, template => Expand(template, spec, ports));
            // Instance 0 runs the scripts as they are written.
            var script = spec.Number == DiscoveredApps.Instance ? default : new PackageScript(app, ofPackage, translator, runsScripts ? spec.Workspace : null).Apply(entry);
            notes.AddRange(new[] { script.IsReplaced ? null : note, script.Note }.OfType<string>());
            mentions.AddRange(literals.Mentions);
            mentions.AddRange((script.IsReplaced ? [] : new[] { note, script.Note }.OfType<string>()).Select(n => MentionOf(app, n)));
            addressed[app.ProcessName] = AddressedBy(own, entry, envFile, translator);
            launch?.Invoke(entry);
            var fingerprint = ContentHash.Of(entry.ToJsonString());
            entry["env"]![FingerprintVariable] = fingerprint;
            fingerprints[app.ProcessName] = fingerprint;
            entries.Add((JsonNode)entry);
        }

        notes.AddRange(declared.Where(d => !used.Contains(d)).Select(d => TextOf(d, "name") ?? "(unnamed)")
            .Select(name => $"App {name} of the workspace's PM2 config is not part of the stack and is not started."));
        return new Pm2Ecosystem(
            new JsonObject { ["apps"] = entries }.ToJsonString(Options) + "\n", fingerprints, notes)
        {
            Addressed = addressed,
            Mentions = mentions,
        };
    }

    /// <summary>The base ports that variables of the workspace's config address, by app; those of env files are in the plan.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<int>> Addressed { get; init; } = new Dictionary<string, IReadOnlyList<int>>();

    /// <summary>The plan, whose apps also need the services that these variables address.</summary>
    public InstancePlan AddNeedsTo(InstancePlan plan) => plan with
    {
        Apps =
        [
            .. plan.Apps.Select(a => !a.Definition.WaitsForServices ? a : a with
            {
                Needs =
                [
                    .. a.Needs.Union(plan.Model.Ports.Where(p => p.Protocol == "tcp" && p.BasePort is { } port && Addressed[a.ProcessName].Contains(port))
                        .Select(p => new AppNeed(p.Service, plan.Ports.Of(p)!.Port))),
                ],
            }),
        ],
    };

    private static List<int> AddressedBy(
        JsonObject? declared, JsonObject entry, IReadOnlyDictionary<string, string> envFile, Translator translator)
    {
        var values = entry["env"]!.AsObject().ToDictionary(v => v.Key, v => $"{v.Value}", StringComparer.Ordinal);
        return [.. (declared?["env"] as JsonObject ?? []).Where(v => !envFile.ContainsKey(v.Key) && values.ContainsKey(v.Key)).SelectMany(v => translator.AddressedBy(values[v.Key], v.Key, values)).Distinct()];
    }

    /// <summary>A script that defeats what the instance sets.</summary>
    private static Mention MentionOf(AppPlan app, string note) => new(
        $"{app.Definition.Directory}/package.json", 0, $"the script of {app.Definition.Name}", MentionForm.BarePort, MentionDecision.Unknown) { Reason = note.TrimEnd('.') };

    private static List<JsonObject> AppsOf(string config) => (JsonNode.Parse(config) as JsonArray ?? []).OfType<JsonObject>().ToList();

    /// <summary>
    /// Makes an app one process: of a cluster, PM2 itself would listen on the port, and no process of the app could be
    /// distinguished from another's.
    /// </summary>
    /// <returns>A note for the user, or <see langword="null"/>.</returns>
    private static string? Unite(JsonObject entry, string app)
    {
        var count = entry["instances"]?.ToString();
        var isCluster = TextOf(entry, "exec_mode")?.StartsWith("cluster", StringComparison.Ordinal) ?? false;
        if (count is null && !isCluster)
            return null;
        entry.Remove("instances");
        entry["exec_mode"] = "fork";
        return isCluster || count != "1" ? $"App {app} runs as one process in an instance; the workspace's PM2 config requests a cluster or several processes." : null;
    }

    private static JsonObject? Find(List<JsonObject> declared, InstanceSpec spec, AppPlan app)
    {
        if (app.Definition.ConfigName is { } own)
        {
            var expected = InstanceTemplate.Expand(own, spec.Number, spec.Stack.Name, spec.Project, _ => 0);
            return declared.FirstOrDefault(d => TextOf(d, "name") == expected);
        }

        string[] names =
        [
            app.ProcessName,
            $"{spec.Stack.ConfigPrefix}-{app.Definition.Name}-{spec.Number}",
            $"{spec.Stack.ConfigPrefix}-{app.Definition.Name}",
            app.Definition.Name,
        ];
        return names.Select(n => declared.FirstOrDefault(d => TextOf(d, "name") == n)).FirstOrDefault(d => d is not null);
    }

    private static string? TextOf(JsonObject entry, string key) =>
        entry[key] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject Generated(AppPlan app)
    {
        var command = app.Definition.Command is { Count: > 0 } own ? own : ["npm", "run", "dev"];
        return new JsonObject
        {
            ["script"] = command[0],
            ["args"] = new JsonArray([.. command.Skip(1).Select(w => (JsonNode)w)]),
            ["interpreter"] = "none",
            ["cwd"] = app.Definition.Directory,
        };
    }

    private static string Expand(string template, InstanceSpec spec, PortPlan ports) =>
        InstanceTemplate.Expand(template, spec.Number, spec.Stack.Name, spec.Project, ports.PortOf);

    private static JsonObject Overlay(
        JsonObject source, InstanceSpec spec, PortPlan ports, AppPlan app, IReadOnlyDictionary<string, string> envFile,
        Pm2Literals literals)
    {
        var entry = source.DeepClone().AsObject();
        foreach (var key in Dropped)
            entry.Remove(key);

        var logs = Path.Combine(spec.Paths.Logs, app.Definition.Name);
        entry["name"] = app.ProcessName;
        entry["cwd"] = Path.GetFullPath(Path.Combine(spec.Workspace, TextOf(entry, "cwd") ?? "."));
        entry["out_file"] = $"{logs}.out.log";
        entry["error_file"] = $"{logs}.err.log";
        entry["merge_logs"] = true;
        entry["log_date_format"] = ProcessMarks.LogDateFormat;
        foreach (var mode in source.Where(e => e.Key.StartsWith("env_", StringComparison.Ordinal) && e.Value is JsonObject))
            entry[mode.Key] = literals.Mode(mode.Key, mode.Value!.AsObject());
        entry["env"] = Environment(source["env"] as JsonObject, spec, ports, app, envFile, literals);
        return entry;
    }

    private static JsonObject Environment(
        JsonObject? declared, InstanceSpec spec, PortPlan ports, AppPlan app, IReadOnlyDictionary<string, string> envFile,
        Pm2Literals literals)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in literals.Environment(declared, envFile))
            values[name] = value;
        foreach (var (name, value) in InstanceVariables.For(spec, ports, app.Definition))
            values[name] = value;
        foreach (var (name, value) in envFile)
            values[name] = value;
        values[OwnerVariable] = spec.OwnerMarker;

        var result = new JsonObject();
        foreach (var (name, value) in values)
            result[name] = value;
        return result;
    }

    /// <summary>
    /// Without the config of instance 0, a base port that is also one of this instance's own ports may have been computed
    /// for it, and is not translated again.
    /// </summary>
    private static Func<PortAssignment, bool> NotComputed(PortPlan ports)
    {
        var mine = ports.Assignments.Select(a => a.Port).ToHashSet();
        return a => !mine.Contains(a.BasePort);
    }
}

/// <summary>Points the arguments of a PM2 entry to one instance: addresses in them, and the port of a dev server.</summary>
internal static partial class Pm2Arguments
{
    private static readonly string[] Worded = ["script", "args", "node_args", "interpreter_args"];
    private static readonly string[] Overriding = ["env-cmd", "dotenv", "dotenvx"];

    /// <summary>Changes the entry.</summary>
    /// <param name="entry">The entry, with its own <c>script</c> and <c>args</c>.</param>
    /// <param name="app">The app.</param>
    /// <param name="port">Its port; <see langword="null"/> for an app without one.</param>
    /// <param name="scripts">The scripts of the package.json in its folder.</param>
    /// <param name="literals">Points texts to the instance.</param>
    /// <param name="expand">Expands a template of the stack.</param>
    /// <returns>A note for the user, or <see langword="null"/>.</returns>
    public static string? Apply(
        JsonObject entry, AppDefinition app, int? port, IReadOnlyDictionary<string, string> scripts,
        Pm2Literals literals, Func<string, string> expand)
    {
        foreach (var key in Worded)
            PatchWords(entry, key, literals);
        if (port is not { } number)
            return null;

        var command = StartCommand.Of(entry, scripts);
        if (app.PortArguments is { } own)
            Append(entry, command?.Separator, [.. own.Select(expand)]);
        else if (command is not null && DevServer.Find(command.Words) is { } server)
            Append(entry, command.Separator, server.OptionsFor(number, command.Words));
        else if (command is not null && Defies(command) is { } how)
            return $"App {app.Name} may not listen on port {number}: its script {how}. Pass the port with portArguments in instancekit.yml.";
        return null;
    }

    /// <summary>How a script overrides its environment, or <see langword="null"/>.</summary>
    private static string? Defies(StartCommand command)
    {
        if (command.Variables.ContainsKey("PORT"))
            return "sets PORT itself";
        if (!Overriding.Contains(Path.GetFileNameWithoutExtension(command.Words[0])))
            return null;
        var options = command.Words.TakeWhile(w => w != "--").ToList();
        return command.Words[0] == "env-cmd" ? options.Contains("--no-override") ? null : "lets env-cmd override the environment"
            : options.Any(o => o is "-o" or "--override" or "--overload") ? "lets its .env override the environment" : null;
    }

    private static void PatchWords(JsonObject entry, string key, Pm2Literals literals)
    {
        if (entry[key] is JsonArray list && list.All(w => w is JsonValue))
            entry[key] = new JsonArray([.. literals.Words([.. list.Select(w => w!.ToString())], key).Select(w => (JsonNode)w)]);
        else if (entry[key] is JsonValue value && value.TryGetValue<string>(out var text))
            entry[key] = literals.Words([text], key)[0];
    }

    private static void Append(JsonObject entry, string? separator, IReadOnlyList<string> options)
    {
        if (options.Count == 0)
            return;
        List<string> added = separator is null ? [.. options] : [separator, .. options];
        if (entry["script"]?.ToString() is { } script && StartCommand.IsText(script))
        {
            entry["script"] = $"{script} {string.Join(' ', added)}";
            return;
        }

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
