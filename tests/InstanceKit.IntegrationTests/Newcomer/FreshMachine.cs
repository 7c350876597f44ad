using System.Text.RegularExpressions;
using BlackBox;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Newcomer;

/// <summary>A clone of this repository in an environment with nothing but the system's programs and an empty home.</summary>
internal sealed partial class FreshMachine : IAsyncDisposable
{
    private const string Nobody = "65534";
    private readonly ProgramFolder? _withoutDocker;
    private readonly bool _isNobody;
    private readonly List<string> _transcript = [];

    private FreshMachine(bool asNobody, bool withEngine)
    {
        _isNobody = asNobody && Environment.UserName == "root";
        _withoutDocker = withEngine ? null : ProgramFolder.Without("docker");
        HasEngine = withEngine;
        foreach (var folder in new[] { Home, Temporary })
            Directory.CreateDirectory(folder);
    }

    /// <summary>The folder of everything.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("ik-new-").FullName;

    /// <summary>The user's home.</summary>
    public string Home => Path.Combine(Root, "home");

    /// <summary>The clone.</summary>
    public string Clone => Path.Combine(Root, "ShipSec.Build");

    /// <summary>Whether Docker is to be had.</summary>
    public bool HasEngine { get; }

    private string Temporary => Path.Combine(Root, "tmp");

    /// <summary>Makes one.</summary>
    /// <param name="asNobody">Whether commands run as a user without rights, where the tests themselves run as root.</param>
    /// <param name="withEngine">Whether there is Docker.</param>
    /// <param name="like">A machine whose downloads and compiled program this one has already; <see langword="null"/> for none.</param>
    public static async Task<FreshMachine> CreateAsync(bool asNobody, bool withEngine, FreshMachine? like = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "These tests run build.sh.");
        var machine = new FreshMachine(asNobody, withEngine);
        await CloneAsync(machine.Clone);
        CopyRegistries(machine.Home);
        if (withEngine)
            LinkComposePlugin(machine.Home);
        if (like is not null)
        {
            var boot = Directory.CreateDirectory(Path.Combine(machine.Clone, "build", "bin", "boot")).FullName;
            await RunToolAsync("cp", "-a", Path.Combine(like.Clone, "build", "bin", "boot", "run"), boot);
            await RunToolAsync("cp", "-a", Path.Combine(like.Home, ".npm"), machine.Home);
        }

        if (machine._isNobody)
            await RunToolAsync("chown", "-R", $"{Nobody}:{Nobody}", machine.Root, machine._withoutDocker?.SearchPath ?? machine.Root);
        else if (like is not null)
            await RunToolAsync("chown", "-R", $"{Environment.UserName}", machine.Root);
        return machine;
    }

    /// <summary>The commands of the README's first block, in their order, without their comments.</summary>
    public static IReadOnlyList<string> CommandsOf(string readme) =>
        [.. FirstBlock().Match(readme).Groups["lines"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => l.Split(" #")[0].TrimEnd())];

    /// <summary>Runs a shell command in the clone as the user; fails the test on another exit code.</summary>
    public async Task<string> RunAsync(string command, int exitCode = 0, double seconds = 600)
    {
        IReadOnlyList<string> identity = _isNobody ? ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups"] : [];
        string[] words = [.. identity, "env", "-i", .. Variables(), "sh", "-c", command];
        var result = await ProcessRunner.RunAsync(new ProcessSpec
        {
            Program = words[0], Arguments = words[1..], WorkingDirectory = Clone, Timeout = TimeSpan.FromSeconds(seconds),
        });
        var text = $"$ {command}\n--- exit code {result.ExitCode}\n{result.StandardOutput}{result.StandardError}";
        _transcript.Add(text);
        Assert.True(result.ExitCode == exitCode, $"Exit code {result.ExitCode} instead of {exitCode}.\n{string.Join('\n', _transcript)}");
        return result.StandardOutput + result.StandardError;
    }

    /// <summary>What still runs of this machine: everything whose home is its home, but for PM2's own daemon.</summary>
    public IReadOnlyList<string> Running() =>
        [.. Processes().Select(p => p.Line).Where(line => !line.StartsWith("PM2 ", StringComparison.Ordinal))];

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        // Whatever happened before: instances first, then the daemon that PM2 leaves running by design.
        if (Directory.Exists(Path.Combine(Clone, "build", "bin")))
        {
            await TryAsync("./build.sh Clean --instance all --yes");
            foreach (var (pid, _) in Processes())
                await ProcessRunner.RunAsync(new ProcessSpec { Program = "kill", Arguments = [$"{pid}"] });
        }

        _withoutDocker?.Dispose();
        await RunToolAsync("rm", "-rf", Root);
    }

    private IReadOnlyList<(int Pid, string Line)> Processes() =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(p => int.TryParse(Path.GetFileName(p), out _))
            .Where(p => ReadOf(p, "environ").Split('\0').Contains($"HOME={Home}"))
            .Select(p => (Pid: int.Parse(Path.GetFileName(p)), Line: ReadOf(p, "cmdline").Replace('\0', ' ').Trim()))
            .Where(p => p.Line.Length > 0),
    ];

    private async Task TryAsync(string command)
    {
        try
        {
            await RunAsync(command);
        }
        catch (Xunit.Sdk.XunitException)
        {
            // The test has failed already, or asserts this itself.
        }
    }

    /// <summary>Nothing is inherited but where registries and their certificates are, which a machine has to say somewhere.</summary>
    private IEnumerable<string> Variables()
    {
        var inherited = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(v => AboutRegistries().IsMatch((string)v.Key)).Select(v => $"{v.Key}={v.Value}");
        var dead = HasEngine ? [] : new[] { $"DOCKER_HOST=unix://{Root}/no.sock" };
        return
        [
            $"HOME={Home}", $"TMPDIR={Temporary}", "LANG=C.UTF-8", "BuildNative=made",
            $"PATH={_withoutDocker?.SearchPath ?? Environment.GetEnvironmentVariable("PATH")}", .. dead,
            .. inherited,
        ];
    }

    /// <summary>A clone of what is committed; of sources that came without their history, a copy with a history of its own.</summary>
    private static Task CloneAsync(string clone) => Path.Exists(Repository.PathOf(".git"))
        ? RunToolAsync("git", "-c", "safe.directory=*", "clone", "--quiet", "--no-hardlinks", Repository.Root, clone)
        : RunToolAsync("sh", "-c", """
            mkdir "$2" && tar -C "$1" --exclude=bin --exclude=obj --exclude=artifacts --exclude=node_modules --exclude=.instances -cf - . | tar -C "$2" -xf -
            cd "$2" && rm -rf .nuke/temp && git init --quiet && git add --all && git -c user.name=t -c user.email=t@example.org commit --quiet -m all
            """, "sh", Repository.Root, clone);

    private static void CopyRegistries(string home)
    {
        var own = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var name in new[] { ".npmrc", ".nuget/NuGet/NuGet.Config" })
        {
            if (!File.Exists(Path.Combine(own, name)))
                continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(home, name))!);
            File.Copy(Path.Combine(own, name), Path.Combine(home, name));
        }
    }

    // Compose may be installed for the user who runs the tests alone; with an engine, it is there for the newcomer too.
    private static void LinkComposePlugin(string home)
    {
        var own = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker", "cli-plugins");
        if (!Directory.Exists(own))
            return;
        Directory.CreateDirectory(Path.Combine(home, ".docker"));
        Directory.CreateSymbolicLink(Path.Combine(home, ".docker", "cli-plugins"), own);
    }

    private static string ReadOf(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has exited, or is another user's
        }
    }

    private static async Task RunToolAsync(string program, params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new ProcessSpec { Program = program, Arguments = arguments, Timeout = TimeSpan.FromMinutes(2) });
        Assert.True(result.Succeeded, $"{program} {string.Join(' ', arguments)}: {result.StandardError}");
    }

    [GeneratedRegex("^(npm_config_registry|node_extra_ca_certs|ssl_cert_(file|dir)|(https?|no|all)_proxy|nuget_cert.*|dotnet_root)$", RegexOptions.IgnoreCase)]
    private static partial Regex AboutRegistries();

    [GeneratedRegex(@"```bash\n(?<lines>(?:.*\n)*?)```")]
    private static partial Regex FirstBlock();
}
