using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Stacks;

namespace InstanceKit.Lifecycle;

/// <summary>Where PM2 writes what an app says.</summary>
internal static class AppLogs
{
    /// <summary>The files of standard output and standard error, whether they exist yet or not.</summary>
    public static IReadOnlyList<string> PathsOf(InstanceSpec spec, AppDefinition app) => [Out(spec, app), Error(spec, app)];

    /// <summary>The file of standard output.</summary>
    public static string Out(InstanceSpec spec, AppDefinition app) => Path.Combine(spec.Paths.Logs, $"{app.Name}.out.log");

    /// <summary>The file of standard error.</summary>
    public static string Error(InstanceSpec spec, AppDefinition app) => Path.Combine(spec.Paths.Logs, $"{app.Name}.err.log");

    /// <summary>The last lines of a file, found from its end; none when it does not exist.</summary>
    public static async Task<IReadOnlyList<string>> TailAsync(string path, int count, CancellationToken cancellation)
    {
        var lines = new List<string>();
        await foreach (var line in new LogFileReader(path, "", isError: false).ReadAsync(new LogQuery { Tail = count }, cancellation))
            lines.Add(line.Text);
        return lines;
    }
}
