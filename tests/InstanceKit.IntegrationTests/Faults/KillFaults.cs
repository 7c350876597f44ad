using System.Globalization;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>
/// Verbs that are killed with SIGKILL at random moments, which no verb can do anything about. The moments follow from a
/// seed that is printed; <c>INSTANCEKIT_FAULT_SEED</c> repeats them.
/// </summary>
public sealed class KillFaults : FaultScenario
{
    private const int Kills = 3;

    // A little longer than the verbs take, so that some end before they are killed.
    private const int LongestMilliseconds = 4000;

    private static readonly int s_seed = Environment.GetEnvironmentVariable("INSTANCEKIT_FAULT_SEED") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    [Fault("Up is killed at random moments", section: 8)]
    public async Task Up_is_killed() => await KillAsync(await OnEngineAsync(), "Up", before: "Down");

    [Fault("Up is killed at random moments, services being processes", section: 8)]
    public async Task Up_is_killed_without_engine() => await KillAsync(await WithoutEngineAsync(), "Up", before: "Down");

    [Fault("Down is killed at random moments", section: 8)]
    public async Task Down_is_killed() => await KillAsync(await OnEngineAsync(), "Down", before: "Up");

    [Fault("Down is killed at random moments, services being processes", section: 8)]
    public async Task Down_is_killed_without_engine() => await KillAsync(await WithoutEngineAsync(), "Down", before: "Up");

    [Fault("Restart is killed at random moments", section: 8)]
    public async Task Restart_is_killed() => await KillAsync(await OnEngineAsync(), "Restart", before: "Up");

    [Fault("Restart is killed at random moments, services being processes", section: 8)]
    public async Task Restart_is_killed_without_engine() => await KillAsync(await WithoutEngineAsync(), "Restart", before: "Up");

    [Fault("Clean is killed at random moments", section: 8)]
    public async Task Clean_is_killed() => await KillAsync(await OnEngineAsync(), "Clean", before: "Up");

    [Fault("Clean is killed at random moments, services being processes", section: 8)]
    public async Task Clean_is_killed_without_engine() => await KillAsync(await WithoutEngineAsync(), "Clean", before: "Up");

    [Fault("InitInstance is killed at random moments", section: 8, Quick = true)]
    public async Task InitInstance_is_killed() => await KillAsync(await OnFilesAsync(), "InitInstance", before: null, longest: 600);

    private static async Task KillAsync(FaultRun run, string verb, string? before, int longest = LongestMilliseconds)
    {
        var random = new Random(s_seed);
        TestContext.Current.TestOutputHelper!.WriteLine($"INSTANCEKIT_FAULT_SEED={s_seed} repeats the moments.");
        await (before is null ? run.InitializeAsync() : run.UpAsync());
        if (verb == "Clean")
            run.GiveDataUp();
        for (var i = 0; i < Kills; i++)
        {
            if (before is not null)
                (await run.CallAsync(before)).Expect(0);
            await using var killed = await run.StartAsync(verb);
            if (!await killed.EndsWithinAsync(TimeSpan.FromMilliseconds(random.Next(longest))))
                await killed.KillAsync();
            await killed.EndAsync(30);
            run.Expect(await run.CallAsync("Status"), 0);
        }

        await run.ConcludeAsync();
    }
}
