using InstanceKit.Platform;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A PM2_HOME of one test, with a short path, whose daemon is ended with it, and a folder for its files.</summary>
internal sealed class TestPm2Home : IAsyncDisposable
{
    private TestPm2Home(Pm2Program program)
    {
        Program = program;
        Driver = new Pm2Client(program, Path.Combine(Folder, "h"));
    }

    /// <summary>The PM2.</summary>
    public Pm2Program Program { get; }

    /// <summary>A driver of this home.</summary>
    public Pm2Client Driver { get; }

    /// <summary>The test's own folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("ik-").FullName;

    /// <summary>Makes a home of a certain PM2. Starts no daemon.</summary>
    public static TestPm2Home Of(Pm2Program program) => new(program);

    /// <summary>Makes a home. Starts no daemon.</summary>
    public static async Task<TestPm2Home> CreateAsync() => new(await Requires.Pm2Async());

    /// <summary>Writes a file of the test's folder and returns its path.</summary>
    public string Write(string name, string content)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Runs any command of PM2 in this home.</summary>
    public Task<ProcessResult> RunAsync(params IEnumerable<string> arguments) => ProcessRunner.RunAsync(
        Program.Command(arguments) with { Environment = new Dictionary<string, string?> { ["PM2_HOME"] = Driver.Home } },
        cancellation: TestContext.Current.CancellationToken);

    /// <summary>Ends the daemon and what it runs, and removes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await Pm2Daemon.EndAsync(Driver);
        Directory.Delete(Folder, recursive: true);
    }
}
