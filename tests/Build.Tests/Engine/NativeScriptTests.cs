using System.Diagnostics;
using InstanceKit.IntegrationTests;
using Xunit;

namespace Build.Tests.Engine;

/// <summary>
/// What build.sh compiles and when, and which of the two programs it becomes: in a root folder with an SDK that only says what
/// it is asked for, since the real one takes minutes. The sample build runs in the place of the compiled program.
/// </summary>
public sealed class NativeScriptTests : IDisposable
{
    private const string Sdk = """
        #!/usr/bin/env bash
        out= sdk=$(dirname "$0")
        program() { PATH=${PATH#*:} command -v dotnet; }
        case $1 in build | publish) while [ $# -gt 1 ]; do [ "$1" != --output ] || out=$2; all+=" $1"; shift; done; all+=" $1" ;; esac
        case ${all-$1} in
          --version) echo 10.0.100 ;;
          msbuild) echo Bundled ;;
          ' build'*)
            echo build >>"$sdk/compiled"
            while [ -e "$sdk/slow" ]; do sleep 0.1; done
            mkdir -p "$out" && cp -r "{sample}/." "$out" && echo managed >"$out/_build.dll" ;;
          ' publish'*)
            echo publish >>"$sdk/published"
            [ ! -e "$sdk/broken" ] || { echo "the linker has no library m"; exit 1; }
            mkdir -p "$out" && printf '#!/bin/sh\necho native "$@"\n' >"$out/_build" && chmod +x "$out/_build" ;;
          *)
            [ "$2" != _native ] || exec "$(program)" "$(dirname "$1")/sample.dll" "${@:2}"
            while [ "$2" = Up ] && [ ! -e "$sdk/go" ]; do sleep 0.1; done
            echo "$(cat "$1")" "${@:2}"
            "$(program)" "$(dirname "$1")/sample.dll" --help >/dev/null ;;
        esac
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("native build ").FullName;

    public NativeScriptTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "build.sh needs a Unix shell.");
        Write("global.json", "{}");
        Write("Directory.Packages.props", "<NukeVersion>1.0.0</NukeVersion>\n");
        Write("build/_build.csproj", "one");
        Write("src/a.cs", "one");
        Write("sdk/dotnet", Sdk.Replace("{sample}", SampleProgram.Folder, StringComparison.Ordinal));
        Write("sdk/gcc", "");
        foreach (var program in new[] { "sdk/dotnet", "sdk/gcc" })
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(PathOf(program), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        File.Copy(ScriptTests.Script, PathOf("build.sh"));
    }

    private int Published => CountOf("sdk/published");

    private int Compiled => CountOf("sdk/compiled");

    private string[] Programs => Directory.Exists(PathOf("build/bin/boot/run")) ? Directory.GetDirectories(PathOf("build/bin/boot/run")) : [];

    private int CountOf(string log) => File.Exists(PathOf(log)) ? File.ReadLines(PathOf(log)).Count() : 0;

    [Fact]
    public async Task From_the_tenth_call_on_a_native_program_is_made_which_later_calls_become_until_the_sources_change()
    {
        for (var call = 1; call < 10; call++)
            (await RunAsync([], "a  b")).ShouldSay("managed a  b");
        Assert.Equal(0, Published);

        var tenth = await RunAsync([], "x");
        tenth.ShouldSay("managed x");
        Assert.Equal(["build.sh: compiling natively in the background, so that commands start several times faster"], tenth.ErrorLines);

        var begun = Stopwatch.GetTimestamp();
        RunResult next;
        do
        {
            next = await RunAsync([], "a  b");
            Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30), next.ToString());
        }
        while (next.Output != "native a  b\n" || Directory.GetFileSystemEntries(PathOf("build/bin/boot"), "native*").Length > 0);
        Assert.Equal(1, Published);

        (await RunAsync([("BuildNative", "off")], "x")).ShouldSay("managed x");
        (await RunAsync([("CI", "true")], "x")).ShouldSay("native x");

        Write("src/a.cs", "two");
        (await RunAsync([], "x")).ShouldSay("managed x");
        Write("src/a.cs", "one");
        (await RunAsync([], "x")).ShouldSay("native x");
    }

    [Theory]
    [InlineData("BuildNative", "made")]
    [InlineData("BuildNative", "off")]
    [InlineData("CI", "true")]
    [InlineData("BuildEngine", "Nuke")]
    public async Task It_is_not_made_unasked_where(string variable, string value)
    {
        for (var call = 1; call <= 12; call++)
            (await RunAsync([(variable, value)], "x")).ShouldSay("managed x");

        Assert.Equal(0, Published);
    }

    [Fact]
    public async Task It_is_made_at_once_when_asked()
    {
        Write("build/bin/boot/native.99999999/objects/killed", "");
        (await RunAsync([("BuildNative", "now")], "x")).ShouldSay("native x");
        (await RunAsync([("BuildNative", "now")], "x")).ShouldSay("native x");

        Assert.Equal(1, Published);
        Assert.Empty(Directory.GetFileSystemEntries(PathOf("build/bin/boot"), "native*"));
    }

    [Fact]
    public async Task What_does_not_compile_is_told_to_whom_asked_and_is_not_tried_again_by_itself()
    {
        Write("sdk/broken", "");
        var asked = await RunAsync([("BuildNative", "now")], "x");
        Assert.Equal(1, asked.ExitCode);
        Assert.Contains("the linker has no library m", asked.ErrorLines);
        Assert.Contains("native compilation failed", asked.ErrorLines[^1], StringComparison.Ordinal);

        for (var call = 1; call <= 12; call++)
            (await RunAsync([], "x")).ShouldSay("managed x");
        Assert.Equal(1, Published);
    }

    [Fact]
    public async Task It_is_not_made_while_an_Up_of_the_checkout_works()
    {
        var up = RunAsync([("BuildNative", "off")], "Up");
        await Eventually.HoldsAsync(() => Task.FromResult(Compiled == 1), "it is compiled", 30);
        for (var call = 1; call <= 12; call++)
            (await RunAsync([], "x")).ShouldSay("managed x");
        Assert.Equal(0, Published);
        Write("sdk/go", "");
        await up;
        (await RunAsync([], "x")).ShouldSay("managed x");
        await Eventually.HoldsAsync(() => Task.FromResult(Published == 1), "it is made when Up has ended", 60);
    }

    [Fact]
    public async Task A_second_checkout_of_the_same_sources_compiles_nothing()
    {
        (await RunAsync([("BuildNative", "now")], "x")).ShouldSay("native x");
        foreach (var part in new[] { "global.json", "Directory.Packages.props", "build/_build.csproj", "src/a.cs", "build.sh" })
            Write($"other/{part}", File.ReadAllText(PathOf(part)));
        Assert.Equal(1, Compiled);

        var other = await RunInAsync("other", [], "x");
        other.ShouldSay("native x");
        Assert.Empty(other.ErrorLines);
        (await RunInAsync("other", [("BuildNative", "off")], "x")).ShouldSay("managed x");
        Assert.Equal((1, 1), (Compiled, Published));

        Write("other/src/a.cs", "two");
        (await RunInAsync("other", [], "x")).ShouldSay("managed x");
        Assert.Equal((2, 1), (Compiled, Published));
    }

    [Fact]
    public async Task The_five_programs_that_were_used_last_are_kept()
    {
        foreach (var source in new[] { "1", "2", "3", "4", "5", "6", "7" })
        {
            Write("src/a.cs", source);
            await RunAsync([], "x");
        }

        Assert.Equal(5, Directory.GetDirectories(PathOf("home/.cache/shipsec-build/programs")).Length);
        Assert.Equal(7, Compiled);
        (await RunAsync([], "x")).ShouldSay("managed x");
        Assert.Equal(7, Compiled);
    }

    [Fact]
    public async Task The_folder_of_a_running_program_is_kept()
    {
        var up = RunAsync([], "Up");
        await Eventually.HoldsAsync(() => Task.FromResult(Programs.Length == 1), "it is compiled", 30);
        var running = Programs[0];
        foreach (var source in new[] { "1", "2", "3", "4", "5", "6", "7" })
        {
            Write("src/a.cs", source);
            await RunAsync([], "x");
        }

        Assert.Equal(6, Programs.Length);
        Assert.Contains(running, Programs);
        Write("sdk/go", "");
        (await up).ShouldSay("managed Up");
    }

    [Fact]
    public async Task Two_at_once_compile_once()
    {
        Write("sdk/slow", "");
        var both = new[] { RunAsync([], "x"), RunAsync([], "x") };
        await Eventually.HoldsAsync(() => Task.FromResult(Compiled > 0), "one compiles", 30);
        File.Delete(PathOf("sdk/slow"));

        Assert.All(await Task.WhenAll(both), run => run.ShouldSay("managed x"));
        Assert.Equal(1, Compiled);
        Assert.Empty(Directory.GetDirectories(PathOf("build/bin/boot"), "next.*"));
    }

    [Fact]
    public async Task A_killed_run_is_not_waited_for()
    {
        Write("sdk/slow", "");
        using var killed = Start("", [], "x");
        await Eventually.HoldsAsync(() => Task.FromResult(Compiled == 1), "it compiles", 30);
        killed.Kill();
        var next = RunAsync([], "x");
        await Eventually.HoldsAsync(() => Task.FromResult(Compiled == 2), "the next one compiles too", 30);
        File.Delete(PathOf("sdk/slow"));

        var run = await next;
        run.ShouldSay("managed x");
        Assert.Equal(["build.sh: compiling (engine: Bundled)"], run.ErrorLines);
    }

    [Fact]
    public async Task Where_nothing_can_be_kept_it_compiles_and_runs()
    {
        Write("home/.cache", "a file");
        var run = await RunAsync([], "x");
        run.ShouldSay("managed x");
        Assert.Equal(["build.sh: compiling (engine: Bundled)"], run.ErrorLines);
    }

    [Fact]
    public async Task An_SDK_that_fails_is_reported_in_its_own_words()
    {
        Write("sdk/dotnet", "#!/bin/sh\necho 'The user profile could not be found.' >&2\nexit 1\n");

        var refused = await RunAsync([], "x");

        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("dotnet --version' fails: The user profile could not be found.", refused.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_another_engine_it_says_what_it_needs()
    {
        var refused = await RunAsync([("BuildNative", "now"), ("BuildEngine", "Nuke")], "x");

        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("BuildEngine=Bundled", refused.ErrorLines[^1], StringComparison.Ordinal);
    }

    public void Dispose()
    {
        // A script in the background may still be taking its own folder away.
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                Directory.Delete(_root, recursive: true);
                return;
            }
            catch (IOException) when (attempt < 20)
            {
            }
        }
    }

    private string PathOf(string name) => Path.Combine(_root, name);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
    }

    private Task<RunResult> RunAsync((string Name, string Value)[] variables, params string[] words) => RunInAsync("", variables, words);

    private async Task<RunResult> RunInAsync(string checkout, (string Name, string Value)[] variables, params string[] words)
    {
        using var process = Start(checkout, variables, words);
        return await SampleProgram.FinishAsync(process);
    }

    private Process Start(string checkout, (string Name, string Value)[] variables, params string[] words)
    {
        var start = new ProcessStartInfo("bash", [PathOf(Path.Combine(checkout, "build.sh")), .. words])
        {
            WorkingDirectory = _root, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var name in new[] { "BuildNative", "BuildEngine", "CI", "XDG_CACHE_HOME" })
            start.Environment.Remove(name);
        start.Environment["HOME"] = PathOf("home");
        start.Environment["PATH"] = $"{PathOf("sdk")}:{start.Environment["PATH"]}";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
