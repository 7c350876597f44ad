using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using BlackBox;
using Xunit;

namespace InstanceKit.IntegrationTests.Terminal;

/// <summary>A shell in a real terminal: a tmux server of its own, on a socket that nobody else uses.</summary>
internal sealed class TmuxSession : IAsyncDisposable
{
    /// <summary>Whether a missing tmux is a failure, as in CI.</summary>
    private const string StrictVariable = "INSTANCEKIT_REQUIRE_SHELLS";
    private const string Target = "shell";

    private readonly string _socket = $"ik-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
    private readonly string _folder;
    private readonly IReadOnlyDictionary<string, string?> _environment;

    private TmuxSession(string folder, IReadOnlyDictionary<string, string?> environment)
    {
        _folder = folder;
        _environment = environment;
    }

    /// <summary>Opens one; the test is skipped where there is no tmux.</summary>
    /// <param name="folder">The folder that the shell is in.</param>
    /// <param name="environment">Changes to <see cref="CleanEnvironment"/>.</param>
    /// <param name="width">The columns.</param>
    /// <param name="height">The rows.</param>
    public static async Task<TmuxSession> OpenAsync(
        string folder, IReadOnlyDictionary<string, string?> environment, int width, int height)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests run build.sh.");
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(path => File.Exists(Path.Combine(path, "tmux"))))
        {
            Assert.False(Environment.GetEnvironmentVariable(StrictVariable) == "1", $"{StrictVariable} is set and tmux is not installed.");
            Assert.Skip("tmux is not installed.");
        }

        // The first call compiles, which no test's limit is for.
        (await new BuildProgram(folder).RunAsync(["ProjectName", "--workspace", folder], seconds: 300)).Expect(0);
        var session = new TmuxSession(folder, environment);
        await session.CallAsync("new-session", "-d", "-s", Target, "-x", Number(width), "-y", Number(height), "bash --norc --noprofile");
        await session.TypeAsync("PS1='$ '; clear");
        return session;
    }

    /// <summary>Types a line and the enter key.</summary>
    public async Task TypeAsync(string line)
    {
        await CallAsync("send-keys", "-t", Target, "-l", line);
        await CallAsync("send-keys", "-t", Target, "Enter");
    }

    /// <summary>Presses Ctrl-C.</summary>
    public Task InterruptAsync() => CallAsync("send-keys", "-t", Target, "C-c");

    /// <summary>Presses Ctrl-Z.</summary>
    public Task SuspendAsync() => CallAsync("send-keys", "-t", Target, "C-z");

    /// <summary>Gives the terminal another size.</summary>
    public Task ResizeAsync(int width, int height) =>
        CallAsync("resize-window", "-t", Target, "-x", Number(width), "-y", Number(height));

    /// <summary>What stands on the screen now, line by line, without the blanks at the ends.</summary>
    public async Task<IReadOnlyList<string>> ScreenAsync() =>
        [.. (await CallAsync("capture-pane", "-p", "-t", Target)).Split('\n').Select(l => l.TrimEnd())];

    /// <summary>All that was written, also above the screen, with the sequences that make colours.</summary>
    public Task<string> ColouredAsync() => CallAsync("capture-pane", "-p", "-e", "-S", "-", "-t", Target);

    /// <summary>Whether the cursor is seen.</summary>
    public async Task<bool> HasCursorAsync() => (await CallAsync("display-message", "-p", "-t", Target, "#{cursor_flag}")).Trim() == "1";

    /// <summary>Waits until the screen is as it should be, and returns it.</summary>
    /// <param name="holds">Whether it is.</param>
    /// <param name="what">What is waited for, for the failure.</param>
    /// <param name="seconds">The hard limit.</param>
    public async Task<IReadOnlyList<string>> SeeAsync(Func<IReadOnlyList<string>, bool> holds, string what, int seconds = 60)
    {
        IReadOnlyList<string> screen = [];
        try
        {
            await Eventually.HoldsAsync(async () => holds(screen = await ScreenAsync()), what, seconds);
        }
        catch (Xunit.Sdk.XunitException e)
        {
            Assert.Fail($"{e.Message}\nThe screen:\n{string.Join('\n', screen)}");
        }

        return screen;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync() => await CallAsync("kill-server");

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private async Task<string> CallAsync(params string[] words)
    {
        // A configuration of the person who runs the tests must not change what they see.
        var start = new ProcessStartInfo("tmux", ["-L", _socket, "-f", "/dev/null", .. words])
        {
            WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in CleanEnvironment.Create())
            start.Environment[name] = value;
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var tmux = Process.Start(start)!;
        var errors = tmux.StandardError.ReadToEndAsync();
        var output = await tmux.StandardOutput.ReadToEndAsync();
        await tmux.WaitForExitAsync();
        Assert.True(tmux.ExitCode == 0, $"tmux {string.Join(' ', words)}: {await errors}");
        return output;
    }
}
