using Docker.DotNet;
using Docker.DotNet.Models;

namespace InstanceKit.Engine;

/// <summary>Runs health checks.</summary>
public sealed partial class EngineClient
{
    private const string CheckVariable = "INSTANCEKIT_HEALTH_CHECK";

    /// <summary>
    /// Stops every process whose environment contains a text, using shell builtins only: not every image has ps and grep.
    /// </summary>
    private const string EndMarked = """
        for p in /proc/[0-9]*; do
          while IFS= read -r e || [ -n "$e" ]; do
            case $e in *"$0"*) kill -KILL "${p#/proc/}" ;; esac
          done <"$p/environ"
        done 2>/dev/null
        exit 0
        """;

    private static readonly TimeSpan HealthTestLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan EndPause = TimeSpan.FromMilliseconds(100);

    /// <summary>Runs a container's health check once, now. A cancelled check is stopped in the container.</summary>
    /// <returns>Whether it passed within two seconds.</returns>
    public async Task<bool> PassesHealthTestAsync(ObservedContainer container, CancellationToken cancellation)
    {
        List<string> command = (container.HealthTest is [var form, ..] ? form : null) switch
        {
            "CMD" => [.. container.HealthTest.Skip(1)],
            "CMD-SHELL" => ["/bin/sh", "-c", .. container.HealthTest.Skip(1)],
            _ => [],
        };
        if (command.Count == 0)
            return false;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(HealthTestLimit);
        var mark = $"{CheckVariable}={Guid.NewGuid():N}";
        string? check = null;
        var hasEnded = false;
        try
        {
            check = await CreateExecAsync(container.Id, command, mark, limit.Token).WaitAsync(limit.Token);
            await AttachAsync(check, limit.Token).WaitAsync(limit.Token);
            var end = await Client.Exec.InspectContainerExecAsync(check, limit.Token).WaitAsync(limit.Token);
            hasEnded = !end.Running;
            return end is { Running: false, ExitCode: 0 };
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && (e is OperationCanceledException || EngineFailure.IsOfEngine(e)))
        {
            // It exited meanwhile, or does not answer: not healthy; the next observation shows more.
            return false;
        }
        finally
        {
            if (check is not null && !hasEnded)
                await EndExecAsync(container.Id, check, mark);
        }
    }

    private async Task<string> CreateExecAsync(string container, IList<string> command, string? variable, CancellationToken cancellation) =>
        (await Client.Exec.CreateContainerExecAsync(
            container,
            new ContainerExecCreateParameters
            {
                Cmd = command, AttachStdout = true, AttachStderr = true, Env = variable is null ? [] : [variable],
            },
            cancellation)).ID;

    private async Task AttachAsync(string exec, CancellationToken cancellation)
    {
        using var output = await Client.Exec.StartContainerExecAsync(exec, new ContainerExecStartParameters(), cancellation);
        var buffer = new byte[4096];
        while (await output.ReadOutputAsync(buffer, 0, buffer.Length, cancellation) is { EOF: false })
        {
            // What it prints is of no use, however much it is.
        }
    }

    /// <summary>Stops a check in a container: the engine itself keeps it running after the client disconnects.</summary>
    private async Task EndExecAsync(string container, string check, string mark)
    {
        using var limit = new CancellationTokenSource(EndLimit); // not the caller's, which is cancelled as a rule
        try
        {
            // A process that the engine is about to start is found by a later observation.
            while ((await Client.Exec.InspectContainerExecAsync(check, limit.Token).WaitAsync(limit.Token)).Running)
            {
                var killer = await CreateExecAsync(container, ["/bin/sh", "-c", EndMarked, mark], null, limit.Token).WaitAsync(limit.Token);
                await AttachAsync(killer, limit.Token).WaitAsync(limit.Token);
                await Task.Delay(EndPause, limit.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException || EngineFailure.IsOfEngine(e))
        {
            // The container or the engine is gone, or it has no shell.
        }
    }
}
