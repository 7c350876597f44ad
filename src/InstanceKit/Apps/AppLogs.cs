using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Models;

namespace InstanceKit.Apps;

/// <summary>Where PM2 writes the output of an app, or of a service that runs as a process.</summary>
internal static class AppLogs
{
    /// <summary>The files of standard output and standard error, whether they exist yet or not.</summary>
    public static IReadOnlyList<string> PathsOf(InstanceSpec spec, string stem) => [Out(spec, stem), Error(spec, stem)];

    /// <summary>The file of standard output.</summary>
    public static string Out(InstanceSpec spec, string stem) => Path.Combine(spec.Paths.Logs, $"{stem}.out.log");

    /// <summary>The file of standard error.</summary>
    public static string Error(InstanceSpec spec, string stem) => Path.Combine(spec.Paths.Logs, $"{stem}.err.log");

    /// <summary>The last lines of a file, found from its end; none when it does not exist.</summary>
    public static async Task<IReadOnlyList<string>> TailAsync(string path, int count, CancellationToken cancellation)
    {
        var lines = new List<string>();
        await foreach (var line in new LogFileReader(path, "", isError: false).ReadAsync(new LogQuery { Tail = count }, cancellation))
            lines.Add(line.Text);
        return lines;
    }
}
