using System.Globalization;
using InstanceKit.Apps;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using InstanceKit.Reconcile;

namespace InstanceKit.Starting;

/// <summary>Starts and removes the apps of an instance, including what their process trees leave behind.</summary>
internal sealed class AppRunner(Pm2Access access, StartQueue programs)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>Starts apps; those that PM2 already lists are deleted first, so that they get their current environment.</summary>
    public async Task StartAsync(
        InstanceSpec spec, IReadOnlyList<AppPlan> apps, IReadOnlyList<string> listed, CancellationToken cancellation)
    {
        var pm2 = await access.ForAsync(spec, _ => { }, cancellation);
        if (listed.Count > 0)
            await pm2.DeleteAsync(listed, cancellation);
        FileStore.CreatePrivate(spec.Paths.Logs);
        FileStore.CreatePrivateFiles(apps.SelectMany(a => AppLogs.PathsOf(spec, a.Definition.Name)));
        await programs.RunAsync(
            0, () => pm2.StartAsync(spec.Paths.Ecosystem, [.. apps.Select(a => a.ProcessName)], cancellation), cancellation);
    }

    /// <summary>Stops the apps, deletes them from PM2 and stops the processes they leave behind.</summary>
    /// <exception cref="InstanceKitException">A process of the instance survives.</exception>
    public async Task RemoveAsync(
        InstanceSpec spec, IReadOnlyList<ObservedProcess> processes, InstanceProgress progress, CancellationToken cancellation)
    {
        await DeleteAsync(spec, [.. processes.Select(p => p.Name)], progress, cancellation);
        await EndLeftoversAsync(spec, listed: [], progress, cancellation);
    }

    /// <summary>Stops apps and deletes them from PM2, by their PM2 names.</summary>
    public async Task DeleteAsync(
        InstanceSpec spec, IReadOnlyList<string> processes, InstanceProgress progress, CancellationToken cancellation)
    {
        if (processes.Count == 0)
            return;
        var pm2 = await access.ForAsync(spec, _ => { }, cancellation);
        var apps = processes.Select(p => spec.Stack.Apps.FirstOrDefault(a => spec.ProcessNameOf(a) == p)?.Name ?? p).ToList();
        foreach (var app in apps)
            progress.Step(app, "stopping");
        await pm2.DeleteAsync(processes, cancellation);
        foreach (var app in apps)
            progress.Done(app, "removed");
    }

    private static Daemon? DaemonOf(ProcessEntry process, ProcessTree tree) =>
        tree.Ancestors(process.Pid).Select(a => Daemon.TryRead(a)).FirstOrDefault(d => d is not null);

    /// <summary>Ends processes that carry the instance's marker but are in no listed app's process tree.</summary>
    /// <remarks>They survive a killed PM2 daemon or a stop that missed a child, and occupy the app's port.</remarks>
    public static Task EndLeftoversAsync(
        InstanceSpec spec, IReadOnlyList<ObservedProcess> listed, InstanceProgress progress, CancellationToken cancellation) =>
        EndLeftoversAsync(spec.OwnerMarker, spec.Name, Pm2Access.HomeOf(spec).Path, listed, progress, cancellation);

    /// <summary>The same for an instance whose workspace may be gone.</summary>
    /// <param name="ownerMarker">What its processes carry.</param>
    /// <param name="instance">What it is called within a sentence.</param>
    /// <param name="home">The PM2_HOME of its daemon; <see langword="null"/> when none is known.</param>
    /// <param name="listed">The apps that stay.</param>
    /// <param name="progress">Receives notes on them.</param>
    public static async Task EndLeftoversAsync(
        string ownerMarker, string instance, string? home, IReadOnlyList<ObservedProcess> listed, InstanceProgress progress,
        CancellationToken cancellation)
    {
        var found = OwnedProcesses.Find(ownerMarker);
        if (found.Count == 0)
            return;
        var tree = ProcessTree.Snapshot();
        var leftovers = found.Where(p => !listed.Any(l => l.Pid > 0 && tree.IsWithin(p.Pid, l.Pid)))
            .Select(p => (Process: p, Daemon: DaemonOf(p, tree))).ToList();
        // An app that crashed and was restarted has a process that PM2 did not list before.
        if (listed.Count > 0)
            leftovers.RemoveAll(l => l.Daemon is { IsLost: false } daemon && daemon.Home == home);
        if (leftovers.Count == 0)
            return;
        if (leftovers.FirstOrDefault(l => l.Daemon is { IsLost: false } daemon && daemon.Home != home).Daemon is { } other)
        {
            throw new InstanceKitException(
                ExitCode.Failed,
                $"Apps of {instance} run under another PM2 daemon, which would restart them: process {other.Process.Pid}, PM2_HOME {other.Home}.",
                $"Retry with PM2_HOME={other.Home}.");
        }

        await EndLostDaemonsAsync(
            [.. leftovers.Select(l => l.Daemon).OfType<Daemon>().Where(d => d.IsLost).DistinctBy(d => d.Process.Pid)], instance, tree, progress, cancellation);

        progress.Note("apps", "Stopping processes that earlier apps left behind: "
            + string.Join(", ", leftovers.Select(l => $"{l.Process.Command} ({l.Process.Pid})")) + ".");
        var survivors = await OwnedProcesses.EndAsync([.. leftovers.Select(l => l.Process)], Grace, cancellation);
        if (survivors.Count > 0)
        {
            throw new InstanceKitException(
                ExitCode.Failed, $"Processes of {instance} can't be stopped: "
                + string.Join(", ", survivors.Select(p => $"{p.Command} ({p.Pid})")) + ".",
                $"See who owns them: ps -fp {string.Join(',', survivors.Select(p => p.Pid))}. Stop them and retry.");
        }
    }

    /// <summary>Stops daemons whose home was deleted: they are unreachable, and would restart whatever is stopped.</summary>
    /// <remarks>By force, because a daemon that exits normally also stops the apps of other instances.</remarks>
    private static async Task EndLostDaemonsAsync(
        IReadOnlyList<Daemon> daemons, string instance, ProcessTree tree, InstanceProgress progress, CancellationToken cancellation)
    {
        foreach (var daemon in daemons)
        {
            if (tree.Descendants(daemon.Process.Pid).FirstOrDefault(c => c.ParentPid == daemon.Process.Pid && !OwnedProcesses.IsMarked(c.Pid)) is { } stranger)
            {
                throw new InstanceKitException(
                    ExitCode.Failed,
                    $"Apps of {instance} run under a PM2 daemon (process {daemon.Process.Pid}) whose directory {daemon.Home} was deleted. It would restart them, "
                    + $"and it also runs {stranger.Command} ({stranger.Pid}), which this tool did not start.",
                    $"Stop that daemon and everything it runs (kill {daemon.Process.Pid}), then retry.");
            }

            progress.Note("apps", $"Stopping a PM2 daemon (process {daemon.Process.Pid}) whose directory {daemon.Home} was deleted.");
        }

        await OwnedProcesses.EndAsync(daemons.Select(d => d.Process), TimeSpan.Zero, cancellation);
    }

    /// <summary>A PM2 daemon, identified by its process title: <c>PM2 v7.0.4: God Daemon (/home/me/.pm2)</c>.</summary>
    /// <param name="Process">Its process.</param>
    /// <param name="Home">Its PM2_HOME.</param>
    private sealed record Daemon(ProcessEntry Process, string Home)
    {
        /// <summary>Whether it is unreachable: its home was deleted, or belongs to a daemon that was started later.</summary>
        public bool IsLost { get; } = !HasPid(Path.Combine(Home, "pm2.pid"), Process.Pid);

        public static Daemon? TryRead(ProcessEntry process) =>
            ProcessCommand.Read(process.Pid)?.Line is { } line && line.StartsWith("PM2 ", StringComparison.Ordinal)
            && line.IndexOf("God Daemon (", StringComparison.Ordinal) is > 0 and var at && line.EndsWith(')')
                ? new Daemon(process, line[(at + "God Daemon (".Length)..^1])
                : null;

        private static bool HasPid(string file, int pid)
        {
            try
            {
                return int.TryParse(FileStore.ReadText(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var recorded) && recorded == pid;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return true; // it is there, and can't be read
            }
        }
    }
}
