using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>A fault that is injected, and the same five checks each time. A black box: build.sh, docker, pm2 and files.</summary>
/// <remarks>
/// <para>Derive one class per subject, one method per fault. A scenario reads: arrange, inject, act, expect, undo, conclude.</para>
/// <code>
/// [Fault("A service was removed by hand", section: 1, Quick = true)]
/// public async Task A_service_was_removed()
/// {
///     var run = await OnEngineAsync();             // or WithoutEngineAsync(), or OnFilesAsync()
///     await run.UpAsync();                         // arrange: up, with data that must survive (left out where the fault comes first)
///     await TestEngine.RunAsync("rm", "--force", id);  // inject
///     var status = await run.CallAsync("Status", "--require-ready");  // act
///     run.Expect(status, 5, "redis", "no container");  // check 1: exit code, words that must be said; repeat as needed
///     // undo the fault here, where the next Up does not
///     await run.ConcludeAsync();                   // checks 2 to 5: converges, others untouched, data kept, Clean leaves nothing
/// }
/// </code>
/// <list type="bullet">
/// <item><see cref="OnEngineAsync"/>: services are containers; skipped where there is no engine.</item>
/// <item><see cref="WithoutEngineAsync"/>: services are processes; needs no engine, and is faster.</item>
/// <item><see cref="OnFilesAsync"/>: nothing is ever brought up; converging means that InitInstance succeeds. For faults of input.</item>
/// <item>Set variables of the program with <c>run.Workspace.Environment</c>; remove them before <c>ConcludeAsync</c>.</item>
/// <item>Mark as <c>Quick</c> what takes a few seconds and tells most: two or three of each subject.</item>
/// </list>
/// </remarks>
public abstract class FaultScenario : Scenario
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private FaultRun? _run;

    /// <summary>A workspace whose services are containers; nothing is run yet.</summary>
    private protected async Task<FaultRun> OnEngineAsync(TinyStack? stack = null) =>
        await BeginAsync(await TinyWorkspace.CreateAsync(stack ?? new TinyStack()));

    /// <summary>A workspace whose services are processes; nothing is run yet.</summary>
    private protected async Task<FaultRun> WithoutEngineAsync(TinyStack? stack = null) =>
        await BeginAsync(await TinyWorkspace.CreateEmbeddedAsync(stack ?? new TinyStack()));

    /// <summary>A workspace of which only the files are written.</summary>
    private protected async Task<FaultRun> OnFilesAsync(TinyStack? stack = null) =>
        await BeginAsync(await TinyWorkspace.CreateEmbeddedAsync(stack ?? new TinyStack()), isFilesOnly: true);

    /// <summary>Writes the result into <c>artifacts/faults</c>; fails a scenario that left out checks.</summary>
    public override async ValueTask DisposeAsync()
    {
        var isFinished = TestContext.Current.TestState?.Result != TestResult.Passed || _run is { IsConcluded: true };
        await WriteResultAsync(isFinished);
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.True(isFinished, "The scenario ended without all five checks; call Expect and ConcludeAsync.");
    }

    private async Task<FaultRun> BeginAsync(TinyWorkspace workspace, bool isFilesOnly = false)
    {
        Remember(workspace);
        return _run = await FaultRun.BeginAsync(workspace, isFilesOnly);
    }

    private async Task WriteResultAsync(bool isFinished)
    {
        var method = ((Xunit.v3.IXunitTestMethod)TestContext.Current.TestMethod!).Method;
        var fault = method.GetCustomAttribute<FaultAttribute>()!;
        var folder = Directory.CreateDirectory(Repository.PathOf("artifacts", "faults")).FullName;
        var result = isFinished ? TestContext.Current.TestState!.Result.ToString().ToLowerInvariant() : "failed";
        await File.WriteAllTextAsync(Path.Combine(folder, $"{method.DeclaringType!.Name}.{method.Name}.json"), JsonSerializer.Serialize(
            new { fault.Name, fault.Section, fault.Quick, result, seconds = Math.Round(_watch.Elapsed.TotalSeconds, 1), _run?.Checks }, s_json));
    }
}
