using System.Diagnostics;

namespace Bench;

/// <summary>A clone of the repository in a folder of its own, used with a home that knows where registries are and nothing else.</summary>
internal sealed class Newcomer : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ik-bench-new-").FullName;
    private readonly bool _hasDocker;

    /// <summary>Makes the folders; nothing is cloned.</summary>
    /// <param name="hasDocker">Whether Docker is to be had.</param>
    public Newcomer(bool hasDocker)
    {
        _hasDocker = hasDocker;
        var own = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var folder in new[] { Home, Programs, Temporary })
            Directory.CreateDirectory(folder);
        foreach (var name in new[] { ".npmrc", ".nuget/NuGet/NuGet.Config" }.Where(n => File.Exists(Path.Combine(own, n))))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Home, name))!);
            File.Copy(Path.Combine(own, name), Path.Combine(Home, name));
        }

        var plugins = Path.Combine(own, ".docker", "cli-plugins");
        if (hasDocker && Directory.Exists(plugins))
            Directory.CreateSymbolicLink(Path.Combine(Directory.CreateDirectory(Path.Combine(Home, ".docker")).FullName, "cli-plugins"), plugins);
        LinkPrograms();
    }

    /// <summary>The clone.</summary>
    public string Clone => Path.Combine(_root, "clone");

    private string Home => Path.Combine(_root, "home");

    private string Programs => Path.Combine(_root, "bin");

    private string Temporary => Path.Combine(_root, "tmp");

    /// <summary>Runs a program in the newcomer's environment.</summary>
    /// <returns>How long it took, in seconds.</returns>
    public async Task<double> RunAsync(string folder, string program, params IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in new[] { "PM2_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "NUGET_PACKAGES", "DOCKER_CONFIG" })
            start.Environment.Remove(name);
        start.Environment["HOME"] = Home;
        start.Environment["TMPDIR"] = Temporary;
        start.Environment["PATH"] = Programs;
        if (!_hasDocker)
            start.Environment["DOCKER_HOST"] = $"unix://{_root}/none.sock";
        var begun = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var elapsed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        return process.ExitCode == 0 ? elapsed : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed:\n{output}{await errors}");
    }

    /// <summary>What the clone and the home take on the disk, in bytes.</summary>
    public long Size() => new[] { Clone, Home }.Sum(f => new DirectoryInfo(f).EnumerateFiles("*", new EnumerationOptions
    {
        RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true,
    }).Sum(i => i.Length));

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_root, recursive: true);

    // Everything that is installed but PM2, which a newcomer has not, and Docker where there is to be none.
    private void LinkPrograms()
    {
        string[] hidden = _hasDocker ? ["pm2"] : ["pm2", "docker"];
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Where(Directory.Exists);
        foreach (var file in folders.SelectMany(Directory.EnumerateFiles).DistinctBy(Path.GetFileName))
        {
            if (!hidden.Contains(Path.GetFileName(file)))
                File.CreateSymbolicLink(Path.Combine(Programs, Path.GetFileName(file)), file);
        }
    }
}
