namespace Bench;

/// <summary>Counts the programs that are run, by standing before them on the search path.</summary>
internal sealed class ProgramCalls : IDisposable
{
    private static readonly string[] Programs = ["docker", "docker-compose", "node", "npm", "pm2", "git"];
    private readonly string _folder = Directory.CreateTempSubdirectory("ik-bench-bin-").FullName;
    private readonly string? _before = Environment.GetEnvironmentVariable("PATH");

    private ProgramCalls()
    {
    }

    private string Log => Path.Combine(_folder, "calls");

    /// <summary>Begins to count.</summary>
    public static ProgramCalls Count()
    {
        var result = new ProgramCalls();
        foreach (var program in Programs)
        {
            var real = (result._before ?? "").Split(Path.PathSeparator).Select(f => Path.Combine(f, program)).FirstOrDefault(File.Exists);
            if (real is null || OperatingSystem.IsWindows())
                continue;
            var path = Path.Combine(result._folder, program);
            File.WriteAllText(path, $"#!/bin/sh\necho {program} >>'{result.Log}'\nexec '{real}' \"$@\"\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Environment.SetEnvironmentVariable("PATH", result._folder + Path.PathSeparator + result._before);
        return result;
    }

    /// <summary>How many were run since the last time.</summary>
    public int Take()
    {
        if (!File.Exists(Log))
            return 0;
        var count = File.ReadAllLines(Log).Length;
        File.Delete(Log);
        return count;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", _before);
        Directory.Delete(_folder, recursive: true);
    }
}
