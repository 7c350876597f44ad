using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>One fault on one instance, and what the five checks have found so far.</summary>
internal sealed partial class FaultRun
{
    private const string RedisKey = "fault-scenario";

    private readonly string _token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private readonly bool _isFilesOnly;
    private readonly Dictionary<string, string> _checks = new(StringComparer.Ordinal);
    private readonly string _bystander;
    private bool _hasEdit;
    private bool _hasRedis;

    private FaultRun(TinyWorkspace workspace, bool isFilesOnly, string bystander)
    {
        (Workspace, _isFilesOnly, _bystander) = (workspace, isFilesOnly, bystander);
        Instance = workspace.TakeInstance();
        workspace.Write("notes/personal.txt", _token);
    }

    /// <summary>The workspace.</summary>
    public TinyWorkspace Workspace { get; }

    /// <summary>Its instance.</summary>
    public TestInstance Instance { get; }

    /// <summary>The checks done so far: their name, and <c>passed</c> or <c>failed</c>.</summary>
    public IReadOnlyDictionary<string, string> Checks => _checks;

    /// <summary>Whether all five checks were done.</summary>
    public bool IsConcluded => _checks.Count == 5;

    private string EditedFile => Instance.FileOf("backend.env");

    /// <summary>Begins with what must not be touched.</summary>
    public static async Task<FaultRun> BeginAsync(TinyWorkspace workspace, bool isFilesOnly) =>
        new(workspace, isFilesOnly, await Bystander.FingerprintAsync(!workspace.IsEngineHidden));

    /// <summary>Calls a verb on the instance.</summary>
    public Task<BuildResult> CallAsync(string verb, params string[] options) =>
        Workspace.RunAsync([verb, "--instance", $"{Instance.Number}", .. options]);

    /// <summary>Writes the instance's files and edits one, as a person does.</summary>
    public async Task InitializeAsync()
    {
        (await CallAsync("InitInstance")).Expect(0);
        await File.AppendAllTextAsync(EditedFile, $"EDITED_BY_HAND={_token}\n");
        _hasEdit = true;
    }

    /// <summary>Brings the instance up, with an edited file and with data in its Redis, where it has one.</summary>
    public async Task UpAsync()
    {
        await InitializeAsync();
        (await CallAsync("Up")).Expect(0);
        if (!Workspace.HasRedis)
            return;
        await WriteMarkerAsync();
        _hasRedis = true;
    }

    /// <summary>Starts a verb on the instance and does not wait for its end.</summary>
    public Task<RunningBuild> StartAsync(string verb, params string[] options) =>
        Workspace.StartAsync([verb, "--instance", $"{Instance.Number}", .. options]);

    /// <summary>From here on the instance's data may be gone: the scenario itself had it removed.</summary>
    public void GiveDataUp() => (_hasEdit, _hasRedis) = (false, false);

    /// <summary>From here on the edited file may be gone: the scenario itself has deleted it.</summary>
    public void GiveEditUp() => _hasEdit = false;

    /// <summary>Check 1: the exit code, the words that must be said (input, reason, remedy), and no trace of a bug.</summary>
    /// <param name="result">How a call ended.</param>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="words">What its output or errors must contain.</param>
    public void Expect(BuildResult result, int exitCode, params string[] words)
    {
        _checks["message"] = "failed";
        result.Expect(exitCode);
        RequirePlain(result);
        foreach (var word in words)
            Assert.True((result.Errors + result.Output).Contains(word, StringComparison.Ordinal), $"It does not say '{word}'.\n{result}");
        _checks["message"] = "passed";
    }

    /// <summary>Checks 2 to 5, all of them even when one fails. The fault must be undone, unless Up heals it.</summary>
    public async Task ConcludeAsync()
    {
        var failures = new List<Exception>();
        await TryAsync("converges", ConvergesAsync);
        await TryAsync("data", DataIsKeptAsync);
        await TryAsync("clean", CleanLeavesNothingAsync);
        await TryAsync("others", OthersAreUntouchedAsync);
        if (failures.Count == 1)
            throw failures[0];
        if (failures.Count > 1)
            throw new AggregateException(failures);

        async Task TryAsync(string name, Func<Task> check)
        {
            _checks[name] = "failed";
            try
            {
                await check();
                _checks[name] = "passed";
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                failures.Add(e);
            }
        }
    }

    private async Task ConvergesAsync()
    {
        if (_isFilesOnly)
        {
            await SucceedsAsync("InitInstance");
            return;
        }

        await SucceedsAsync("Up");
        await SucceedsAsync("Status", "--require-ready");
    }

    private async Task OthersAreUntouchedAsync() =>
        Assert.Equal(_bystander, await Bystander.FingerprintAsync(!Workspace.IsEngineHidden));

    private async Task DataIsKeptAsync()
    {
        Assert.Equal(_token, await File.ReadAllTextAsync(Workspace.PathOf("notes/personal.txt")));
        if (_hasEdit)
            Assert.Contains($"EDITED_BY_HAND={_token}\n", await File.ReadAllTextAsync(EditedFile), StringComparison.Ordinal);
        if (_hasRedis)
            Assert.Contains(_token, await AskRedisAsync(["GET", RedisKey]), StringComparison.Ordinal);
    }

    private async Task CleanLeavesNothingAsync()
    {
        await SucceedsAsync("Clean");
        Assert.False(Directory.Exists(Instance.Folder), $"Clean left {Instance.Folder}.");
        Assert.Equal("", await Instance.RemainsAsync());
        var listed = (await Workspace.RunAsync("List", "--json")).Expect(0).Json["instances"]!.AsArray();
        Assert.False(listed.Any(i => (string?)i!["project"] == Instance.Project), $"Clean left a lease:\n{listed}");
        Workspace.IsCleaned = true;
    }

    private async Task SucceedsAsync(string verb, params string[] options) => RequirePlain((await CallAsync(verb, options)).Expect(0));

    /// <summary>Garnet and Redis both lose what was not saved when they are killed, and nobody promised otherwise.</summary>
    private async Task WriteMarkerAsync()
    {
        Assert.Contains("OK", await AskRedisAsync(["SET", RedisKey, _token]), StringComparison.Ordinal);
        Assert.Contains("OK", await AskRedisAsync(["SAVE"]), StringComparison.Ordinal);
    }

    private async Task<string> AskRedisAsync(string[] words)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", Instance.Port(6379));
        await using var stream = client.GetStream();
        var request = $"*{words.Length}\r\n" + string.Concat(words.Select(w => $"${w.Length}\r\n{w}\r\n"));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[1024];
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, limit.Token));
    }

    private static void RequirePlain(BuildResult result)
    {
        var said = Fault().Match(result.Errors + result.Output);
        Assert.False(said.Success, $"'{said.Value.Trim()}' is not for people.\n{result}");
    }

    [GeneratedRegex(@"should not happen|internal error|unhandled exception|^\s+at [\w.<>`]+\(.*|\bSystem\.[\w.]+Exception\b", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex Fault();
}
