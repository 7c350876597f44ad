using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Verbs;

/// <summary>The services and apps of an instance, by name; does not query the engine.</summary>
internal static class ComponentNames
{
    /// <summary>The app of that name; <see langword="null"/> for none.</summary>
    public static AppDefinition? FindApp(InstanceSpec spec, string name) => spec.Stack.Apps.FirstOrDefault(a => a.Name == name);

    /// <summary>The services of the compose files, as they were when the instance's files were written.</summary>
    public static IReadOnlyList<string> ServicesOf(InstanceSpec spec) => InstanceStore.ReadRecord(spec.Paths)?.Services ?? [];

    /// <summary>Makes sure that the instance's files are there.</summary>
    /// <exception cref="InstanceKitException">It was never initialized.</exception>
    public static InstanceRecord RequireRecord(InstanceSpec spec, NextCommand next) =>
        InstanceStore.ReadRecord(spec.Paths) ?? throw NotRunning(spec, next, "is not initialized");

    /// <summary>Rejects an instance whose apps are unknown: the PM2 config defines them, and its cached result is lost.</summary>
    /// <exception cref="InstanceKitException">They are unknown.</exception>
    public static void RequireKnownApps(InstanceSpec spec, NextCommand next)
    {
        if (spec.Stack.HasUnknownApps)
        {
            throw InstanceKitException.Usage(
                $"The apps of {spec.Name} are unknown: {spec.Stack.Pm2Config} defines them, and only InitInstance and Up evaluate it.",
                $"Run {next.For("InitInstance", spec.Number)}");
        }
    }

    /// <summary>The error on an instance that has to run, and does not.</summary>
    public static InstanceKitException NotRunning(InstanceSpec spec, NextCommand next, string what = "is not running") => new(
        ExitCode.NotReady, $"{spec.Title} ({spec.Project}) {what}.", $"Start it: {next.For("Up", spec.Number)}");
}
