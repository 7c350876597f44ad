using System.Reflection;
using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>Where the build runs, and how its outcome is written there. Derived types are found by <c>IsRunningTypeName</c>.</summary>
public class Host
{
    protected Host()
    {
    }

    /// <summary>The first public host of the build's own assembly that says that it is running, else the plain one.</summary>
    internal static Host Find()
    {
        var own = Assembly.GetEntryAssembly()!.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Host)));
        var running = own.FirstOrDefault(type =>
            type.GetProperty("IsRunning" + type.Name, BindingFlags.Static | BindingFlags.Public)?.GetValue(null) is true);
        return running is null ? new Host() : (Host)Activator.CreateInstance(running, nonPublic: true)!;
    }

    internal IDisposable OpenBlock(string text) => WriteBlock(text);

    internal bool IsFiltered(string message) => FilterMessage(message);

    internal void CloseBuild(INukeBuild build)
    {
        WriteErrorsAndWarnings();
        WriteTargetOutcome(build);
        WriteBuildOutcome(build);
    }

    protected virtual IDisposable WriteBlock(string text)
    {
        Console.WriteLine($"── {text}");
        return new Block();
    }

    /// <summary>Whether a message of the engine, given by its template, is left out.</summary>
    protected virtual bool FilterMessage(string message) => false;

    /// <summary>Has nothing to do here: they are written when they occur.</summary>
    protected virtual void WriteErrorsAndWarnings()
    {
    }

    protected virtual void WriteTargetOutcome(INukeBuild build)
    {
        foreach (var target in build.ExecutionPlan.Where(target => target.Status != ExecutionStatus.Collective))
            Console.WriteLine($"{target.Name}: {target.Status}, {target.Duration.TotalSeconds:0.0} s");
    }

    protected virtual void WriteBuildOutcome(INukeBuild build) =>
        Console.WriteLine(build.IsSucceeding ? "Build succeeded." : "Build failed.");

    private sealed class Block : IDisposable
    {
        public void Dispose() => Console.Out.Flush();
    }
}
