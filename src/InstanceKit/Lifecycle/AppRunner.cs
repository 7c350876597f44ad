using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>Starts and removes the apps of an instance, with all that their process trees leave behind.</summary>
internal sealed class AppRunner(ManagerContext context)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Starts apps; those that PM2 already lists are taken off first, so that they get their present environment.</summary>
    public async Task StartAsync(
        InstanceSpec spec, IReadOnlyList<AppPlan> apps, IReadOnlyList<string> listed, CancellationToken cancellation)
    {
        var pm2 = await context.Pm2.ForAsync(spec, _ => { }, cancellation);
        if (listed.Count > 0)
            await pm2.DeleteAsync(listed, cancellation);
        InstanceDirectory.CreatePrivate(spec.Paths.Logs);
        InstanceDirectory.CreatePrivateFiles(apps.SelectMany(a => AppLogs.PathsOf(spec, a.Definition.Name)));
        await context.Programs.RunAsync(
            0, () => pm2.StartAsync(spec.Paths.Ecosystem, [.. apps.Select(a => a.ProcessName)], cancellation), cancellation);
    }

    /// <summary>Stops the apps, takes them off PM2's list and ends what they leave behind.</summary>
    /// <exception cref="InstanceKitException">A process of the instance survives.</exception>
    public async Task RemoveAsync(
        InstanceSpec spec, IReadOnlyList<ObservedProcess> processes, InstanceProgress progress, CancellationToken cancellation)
    {
        await DeleteAsync(spec, [.. processes.Select(p => p.Name)], progress, cancellation);
        await EndLeftoversAsync(spec, listed: [], progress, cancellation);
    }

    /// <summary>Stops apps and takes them off PM2's list, by their PM2 names.</summary>
    public async Task DeleteAsync(
        InstanceSpec spec, IReadOnlyList<string> processes, InstanceProgress progress, CancellationToken cancellation)
    {
        if (processes.Count == 0)
            return;
        var pm2 = await context.Pm2.ForAsync(spec, _ => { }, cancellation);
        var apps = processes.Select(p => spec.Stack.Apps.FirstOrDefault(a => spec.ProcessNameOf(a) == p)?.Name ?? p).ToList();
        foreach (var app in apps)
            progress.Step(app, "stopping");
        await pm2.DeleteAsync(processes, cancellation);
        foreach (var app in apps)
            progress.Done(app, "removed");
    }

    private static bool IsOf(string? home, string? daemon) =>
        home is not null && daemon?.EndsWith($"({home})", StringComparison.Ordinal) == true;

    private static string? DaemonOf(ProcessEntry process, ProcessTree tree) =>
        tree.Ancestors(process.Pid).Select(a => ProcessCommand.Read(a.Pid)?.Line)
            .FirstOrDefault(line => line is not null && line.StartsWith("PM2 ", StringComparison.Ordinal)
                && line.Contains("God Daemon", StringComparison.Ordinal));

    /// <summary>Ends processes that carry the instance's marker but are in no listed app's process tree.</summary>
    /// <remarks>They outlive a PM2 daemon that was killed, or a stop that missed a child, and hold the app's port.</remarks>
    public static Task EndLeftoversAsync(
        InstanceSpec spec, IReadOnlyList<ObservedProcess> listed, InstanceProgress progress, CancellationToken cancellation) =>
        EndLeftoversAsync(spec.OwnerMarker, spec.Number, Pm2Access.HomeOf(spec).Path, listed, progress, cancellation);

    /// <summary>The same for an instance whose workspace may be gone.</summary>
    /// <param name="ownerMarker">What its processes carry.</param>
    /// <param name="instance">Its number.</param>
    /// <param name="home">The PM2_HOME of its daemon; <see langword="null"/> when none is known.</param>
    /// <param name="listed">The apps that stay.</param>
    /// <param name="progress">Where it tells of them.</param>
    /// <param name="cancellation">Ends the wait for their end.</param>
    public static async Task EndLeftoversAsync(
        string ownerMarker, int instance, string? home, IReadOnlyList<ObservedProcess> listed, InstanceProgress progress,
        CancellationToken cancellation)
    {
        var found = OwnedProcesses.Find(ownerMarker);
        if (found.Count == 0)
            return;
        var tree = ProcessTree.Snapshot();
        var leftovers = found.Where(p => !listed.Any(l => l.Pid > 0 && tree.IsWithin(p.Pid, l.Pid)))
            .Select(p => (Process: p, Daemon: DaemonOf(p, tree))).ToList();
        // An app that crashes and is started again has a process that it did not have when PM2 was asked.
        if (listed.Count > 0)
            leftovers.RemoveAll(l => IsOf(home, l.Daemon));
        if (leftovers.Count == 0)
            return;
        if (leftovers.FirstOrDefault(l => l.Daemon is not null && !IsOf(home, l.Daemon)).Daemon is { } other)
        {
            throw new InstanceKitException(
                ExitCode.Failed,
                $"Apps of instance {instance} run under another PM2 daemon, which would start them again: {other}.",
                "Run the command with PM2_HOME set to the folder in parentheses.");
        }

        progress.Note("apps", "Ending processes that earlier apps left behind: "
            + string.Join(", ", leftovers.Select(l => $"{l.Process.Command} ({l.Process.Pid})")) + ".");
        var survivors = await OwnedProcesses.EndAsync([.. leftovers.Select(l => l.Process)], Grace, cancellation);
        if (survivors.Count > 0)
        {
            throw new InstanceKitException(
                ExitCode.Failed, $"Processes of instance {instance} can't be ended: "
                + string.Join(", ", survivors.Select(p => $"{p.Command} ({p.Pid})")) + ".",
                $"Look who has them: ps -fp {string.Join(',', survivors.Select(p => p.Pid))}. End them, and give the command again.");
        }
    }
}
