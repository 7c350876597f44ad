using System.Text.Json.Nodes;
using InstanceKit.Addresses;
using InstanceKit.Apps;
using InstanceKit.Env;
using InstanceKit.Infra;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Stacks;

namespace InstanceKit.Setup;

/// <summary>Makes the PM2 ecosystem from the workspace's own config and the instance's env files as they are now.</summary>
internal sealed class EcosystemBuilder(StartQueue programs)
{
    /// <summary>
    /// Evaluates the workspace's own config, for the instance and for instance 0: what differs is computed.
    /// <see langword="null"/> where it has none.
    /// </summary>
    /// <exception cref="InstanceKitException">It can't be evaluated.</exception>
    public async Task<OwnConfig?> EvaluateAsync(InstanceSpec spec, CancellationToken cancellation)
    {
        if (spec.Stack.Pm2Config is not { } file)
            return null;
        var path = Path.Combine(spec.Workspace, file);
        var own = EvaluateAsync(spec.Number);
        if (IsConstant(path) || spec.Number == DiscoveredApps.Instance)
            return new OwnConfig(await own, await own);
        var baseline = EvaluateAsync(DiscoveredApps.Instance);
        await Task.WhenAll(own, baseline);
        return new OwnConfig(await own, await baseline);

        Task<string> EvaluateAsync(int number) => programs.RunAsync(
            2, () => Pm2Client.EvaluateConfigAsync(path, Pm2ConfigRunner.Variables(number), cancellation), cancellation);
    }

    /// <summary>Whether a config can't depend on the instance: it reads no variable and no other file.</summary>
    private static bool IsConstant(string path) => FileStore.ReadText(path) is { } text
        && !text.Contains("process", StringComparison.Ordinal) && !text.Contains("require", StringComparison.Ordinal)
        && !text.Contains("import", StringComparison.Ordinal);

    /// <summary>Makes the ecosystem; nothing is written, and PM2 itself is not needed.</summary>
    /// <param name="config">The workspace's PM2 config.</param>
    /// <param name="embedded">What replaces its services; <see langword="null"/> where Compose runs them.</param>
    public Pm2Ecosystem Build(InstancePlan plan, OwnConfig? config, IReadOnlyList<EmbeddedChoice>? embedded)
    {
        var spec = plan.Spec;
        var environments = spec.Stack.Apps.ToDictionary(a => a.Name,
            a => InfraVariables.AddTo(EnvironmentOf(plan, a.Name), embedded), StringComparer.Ordinal);
        var scripts = spec.Stack.Apps.ToDictionary(
            a => a.Name, a => PackageScripts.Read(Path.Combine(spec.Workspace, a.Directory)), StringComparer.Ordinal);
        var made = Pm2Ecosystem.Create(spec, plan.Ports, plan.Apps, environments, config?.Apps, scripts, plan.Subnets, LaunchOnWindows(), config?.OfInstance0,
            // Yarn's Plug'n'Play has no node_modules in which a shell finds programs.
            runsScripts: !OperatingSystem.IsWindows() && !File.Exists(Path.Combine(spec.Workspace, ".pnp.cjs")), model: plan.Model);
        return spec.Stack.Pm2Config is not { } file || FileStore.ReadText(Path.Combine(spec.Workspace, file)) is not { } text
            ? made : made with { Mentions = [.. made.Mentions.Select(m => m.Where.Contains(' ') ? m with { Where = PlaceOf(m, file, text) } : m)] };
    }

    /// <summary>The line of the PM2 config that contains what an entry mentions, or the entry's key where the config computes it.</summary>
    private static string PlaceOf(Mention mention, string file, string text)
    {
        var key = mention.Where[(mention.Where.LastIndexOfAny([' ', '.']) + 1)..];
        var lines = text.Split('\n');
        // Of a host and a port side by side, the port alone is written.
        string[] texts = [mention.What, mention.What[(mention.What.LastIndexOf(':') + 1)..]];
        var line = texts.Select(t => Array.FindIndex(lines, l => l.Contains(t, StringComparison.Ordinal) && l.Contains(key, StringComparison.Ordinal)))
            .Concat(texts.Select(t => Array.FindIndex(lines, l => l.Contains(t, StringComparison.Ordinal)))).FirstOrDefault(l => l >= 0, -1);
        return line < 0 ? $"{file}: {mention.Where}" : $"{file}:{line + 1}";
    }

    /// <summary>The file on disk, edited or not; before it is written, its planned content.</summary>
    private static IReadOnlyDictionary<string, string> EnvironmentOf(InstancePlan plan, string app)
    {
        var path = plan.Spec.Paths.EnvFile(app);
        var text = FileStore.ReadText(path) ?? plan.Files.First(f => f.Name == Path.GetFileName(path)).Content;
        return DotEnvDocument.Parse(text).EffectiveValues();
    }

    private static Action<JsonObject>? LaunchOnWindows()
    {
        if (!OperatingSystem.IsWindows())
            return null;
        var searchPath = Environment.GetEnvironmentVariable("PATH") ?? "";
        var shell = Environment.GetEnvironmentVariable("ComSpec") ?? "cmd.exe";
        return entry => WindowsLaunch.Apply(entry, name => ProgramsOnPath.Find(name, searchPath), shell);
    }
}

/// <summary>The apps of a workspace's own PM2 config, each a JSON array.</summary>
/// <param name="Apps">As evaluated for the instance.</param>
/// <param name="OfInstance0">As evaluated for instance 0.</param>
internal sealed record OwnConfig(string Apps, string OfInstance0);
