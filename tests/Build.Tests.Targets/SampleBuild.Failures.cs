using Cli.Hosting;
using InstanceKit;
using Nuke.Common;

namespace Build.Tests.Targets;

internal sealed partial class SampleBuild
{
    private Target Breaks => _ => _
        .Executes(() => throw new InvalidOperationException("The cable is cut."));

    private Target NeedsBroken => _ => _
        .DependsOn(Breaks)
        .Executes(Say(nameof(NeedsBroken)));

    private Target Tidies => _ => _
        .After(Breaks, Stops)
        .AssuredAfterFailure()
        .Executes(Say(nameof(Tidies)));

    private Target Stumbles => _ => _
        .ProceedAfterFailure()
        .Executes(() => throw new InvalidOperationException("Only a stumble."));

    private Target NeedsStumbling => _ => _
        .DependsOn(Stumbles)
        .Executes(Say(nameof(NeedsStumbling)));

    private Target Stops => _ => _
        .Executes(() => VerbRunner.Run(this, _ => throw new InstanceKitException(
            InstanceKit.ExitCode.PortTaken, "Port 5273 is taken by a teapot.", "Move the teapot.", new IOException("EADDRINUSE"))));

    private Target NeedsStopping => _ => _
        .DependsOn(Stops)
        .Executes(Say(nameof(NeedsStopping)));

    private Target Slips => _ => _
        .Executes(() => VerbRunner.Run(this, _ => throw new InvalidOperationException("Off by one.")));

    private Target Returns => _ => _
        .Executes(() => VerbRunner.Run(this, _ => Task.FromResult(Count)));

    private Target Succeeds => _ => _
        .Executes(() => VerbRunner.Run(this, _ => Task.FromResult(0)));

    /// <summary>Runs until standard input ends.</summary>
    private Target Holds => _ => _
        .Executes(() => VerbRunner.Run(this, async _ =>
        {
            BuildStreams.Data.WriteLine("ready");
            await Console.In.ReadToEndAsync(CancellationToken.None);
            BuildStreams.Data.WriteLine("done");
            return 0;
        }));

    /// <summary>Tidies up when it is interrupted.</summary>
    [TakesCommand]
    private Target Waits => _ => _
        .Executes(() => VerbRunner.Run(this, async token =>
        {
            BuildStreams.Data.WriteLine("ready");
            await Interruption(token);
            BuildStreams.Data.WriteLine("tidied");
            return (int)InstanceKit.ExitCode.Interrupted;
        }));

    /// <summary>Lets the interruption through.</summary>
    private Target Lets => _ => _
        .Executes(() => VerbRunner.Run(this, async token =>
        {
            BuildStreams.Data.WriteLine("ready");
            await Interruption(token);
            token.ThrowIfCancellationRequested();
            return 0;
        }));

    /// <summary>Does not stop when it is asked to.</summary>
    private Target Ignores => _ => _
        .Executes(() => VerbRunner.Run(this, async token =>
        {
            BuildStreams.Data.WriteLine("ready");
            await Interruption(token);
            BuildStreams.Data.WriteLine("asked");
            await Console.In.ReadToEndAsync(CancellationToken.None);
            return 0;
        }));

    private static async Task Interruption(CancellationToken token)
    {
        var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(interrupted.SetResult);
        await interrupted.Task;
    }
}
