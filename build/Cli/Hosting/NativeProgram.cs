using System.ComponentModel;
using System.Diagnostics;

namespace Cli.Hosting;

/// <summary>
/// The native program, which build.sh runs instead of the managed one next to it: when it is compiled, and how.
/// The program of other sources, or of a folder that build.sh has not made, has none.
/// </summary>
internal static class NativeProgram
{
    /// <summary>The first word of a call that compiles it: build.sh waits for it, or it is detached, with <see cref="Detached"/> behind it.</summary>
    public const string Word = "_native";

    public const string Detached = "detached";

    private const string Bundled = "Bundled";

    private const int CallsUntilDue = 10;

    /// <summary>How long another process that compiles natively is waited for.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(30);

    /// <summary>build/bin/boot/run/STAMP, where the stamp is a hash of the sources.</summary>
    private static readonly string s_run = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);

    private static readonly string s_state = Path.GetFullPath(Path.Combine(s_run, "..", ".."));
    private static readonly string s_root = Path.GetFullPath(Path.Combine(s_state, "..", "..", ".."));

    /// <summary>With only a log inside, native compilation of these sources failed.</summary>
    private static readonly string s_folder = Path.Combine(s_run, "native");

    private static readonly string s_program = Path.Combine(s_folder, "_build");

    /// <summary>What build.sh has noted; <see langword="null"/> where it has not compiled this program.</summary>
    private static string? Engine => File.Exists(Path.Combine(s_run, "engine")) ? File.ReadAllText(Path.Combine(s_run, "engine")).Trim() : null;

    /// <summary>
    /// Counts a call that has ended. After every tenth one of the managed program, starts to compile natively in the background,
    /// unless the user has chosen otherwise, on CI, where machines are billed by the minute, or while an Up needs the processors.
    /// </summary>
    public static void CountCall()
    {
        if (OperatingSystem.IsWindows() || IsSet("BuildNative") || IsSet("CI") || Directory.Exists(s_folder))
            return;
        try
        {
            if (Engine != Bundled)
                return;
            using var calls = new FileStream(Path.Combine(s_run, "calls"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            var isDue = (calls.Length + 1) % CallsUntilDue == 0;
            if (isDue && IsUpRunning())
                return;
            calls.WriteByte((byte)'.');
            if (isDue)
                Detach();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Win32Exception)
        {
            // Without write access, or without a program that is needed, the managed program keeps running.
        }
    }

    /// <summary>Compiles it, unless there is one.</summary>
    /// <returns>The exit code.</returns>
    public static int Compile(bool isDetached)
    {
        if (Engine != Bundled)
            return Refuse(2, $"BuildNative=now needs the bundled engine, but this program is compiled for {Engine}; also set BuildEngine=Bundled");
        if (!isDetached)
            Say("compiling natively; this takes minutes");
        using var turn = TakeTurn(isDetached ? TimeSpan.Zero : s_patience);
        if (turn is null)
            return isDetached ? 0 : Refuse(6, $"another process is still compiling natively after {s_patience.TotalMinutes:0} minutes; stop it, then retry");
        try
        {
            if (!File.Exists(s_program))
                Make();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Say(e.Message);
        }

        if (File.Exists(s_program) || isDetached)
            return 0;
        var log = Path.Combine(s_folder, "log");
        Console.Error.Write(File.Exists(log) ? File.ReadAllText(log) : "");
        return Refuse(1, "native compilation failed; see the output above. Without BuildNative=now, the managed program runs");
    }

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 };

    /// <summary>Says it in the name of the script, which the user has called.</summary>
    private static void Say(string text) => Console.Error.WriteLine($"build.sh: {text}");

    private static int Refuse(int exitCode, string text)
    {
        Say(text);
        return exitCode;
    }

    /// <summary>Whether another process of this checkout is an Up or a Restart.</summary>
    private static bool IsUpRunning()
    {
        return Run("ps", ["-axwwo", "pid=,args="]).Split('\n').Select(line => line.Trim())
            .Where(line => line.Contains($"{s_state}/run/", StringComparison.Ordinal) && !line.StartsWith($"{Environment.ProcessId} ", StringComparison.Ordinal))
            .Any(line => line.Split(' ').Any(word => word is "Up" or "Restart"));
    }

    /// <summary>Starts the compilation without the caller's streams, terminal signals and open files.</summary>
    private static void Detach()
    {
        const string script = """
            trap '' HUP INT
            exec </dev/null >/dev/null 2>&1
            for fd in /dev/fd/*; do
              case ${fd##*/} in 0 | 1 | 2 | 255) ;; *) eval "exec ${fd##*/}>&-" ;; esac
            done
            "$@" &
            """;
        Say("compiling natively in the background, so that commands start several times faster");
        using var shell = Process.Start("bash", ["-c", script, "bash", "dotnet", Path.Combine(s_run, "_build.dll"), Word, Detached]);
        shell.WaitForExit();
    }

    /// <summary>A lock that the system releases when its holder dies; <see langword="null"/> when another process holds it too long.</summary>
    private static FileStream? TakeTurn(TimeSpan patience)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        for (var begun = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                return new FileStream(Path.Combine(s_state, "lock.native"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(begun) < patience)
            {
                timer.WaitForNextTickAsync().AsTask().GetAwaiter().GetResult();
            }
            catch (IOException)
            {
                return null;
            }
        }
    }

    /// <summary>Takes it from another checkout of this user with the same sources, or publishes it; a killed run's leftovers go.</summary>
    private static void Make()
    {
        foreach (var left in Directory.GetDirectories(s_state, "native.*").Append(s_folder).Where(Directory.Exists))
            Directory.Delete(left, recursive: true);
        Share();
        if (File.Exists(s_program))
            return;
        var work = Directory.CreateDirectory(Path.Combine(s_state, $"native.{Environment.ProcessId}")).FullName;
        try
        {
            Share(Publish(work));
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    // The script shares nothing if the sources have changed meanwhile.
    private static void Share(params string[] folder) =>
        Run("bash", [Path.Combine(s_root, "build.sh"), "_share_native", Path.GetFileName(s_run), .. folder]);

    private static string Publish(string work)
    {
        var (made, result) = (Path.Combine(work, "out"), Directory.CreateDirectory(Path.Combine(work, "native")).FullName);
        var log = IsOnPath("clang") || IsOnPath("gcc")
            ? Run("nice",
            [
                "-n", "19", "dotnet", "publish", Path.Combine(s_root, "build", "_build.csproj"), "--configuration", "Release", "-p:PublishAot=true",
                "--artifacts-path", Path.Combine(work, "objects"), "--output", made, "-nologo", "-nodeReuse:false", "-verbosity:quiet",
                "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false", "-p:UseSharedCompilation=false",
            ])
            : "Neither clang nor gcc was found on PATH; one of them is required to link the program.\n";
        File.WriteAllText(Path.Combine(result, "log"), log);
        if (File.Exists(Path.Combine(made, "_build")))
            File.Move(Path.Combine(made, "_build"), Path.Combine(result, "_build"));
        return result;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Runs a program to its end; what it writes is returned.</summary>
    private static string Run(string program, IReadOnlyList<string> words)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", "exec \"$@\" </dev/null 2>&1", "bash", program, .. words])
        {
            WorkingDirectory = s_root, RedirectStandardOutput = true,
        })!;
        return process.StandardOutput.ReadToEnd();
    }
}

/// <summary>How the build is called.</summary>
internal static class Launcher
{
    /// <summary>The command on this platform, as typed in the directory of the build.</summary>
    public static string Name => OperatingSystem.IsWindows() ? "build.cmd" : "./build.sh";
}
