using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>What a person sees in a terminal, and what it is like when they press Ctrl-C or give it another size.</summary>
public sealed class TerminalTests : Scenario
{
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";

    [Fact]
    public async Task Up_has_a_live_line_for_each_part_also_when_resized_and_leaves_a_summary()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack { Backend = TinyStack.Holding });
        var instance = workspace.TakeInstance();
        await using var terminal = await workspace.OpenTerminalAsync(100, 30);

        await terminal.TypeAsync(workspace.CommandLine("Up", "--instance", $"{instance.Number}") + "; echo \"ended with $?\"");

        await terminal.SeeAsync(s => Goes(s, "backend") && IsDone(s, "frontend") && IsDone(s, "redis"), "all but the backend is done");
        Assert.False(await terminal.HasCursorAsync());
        await terminal.ResizeAsync(80, 24); // no line is longer: whoever draws while the terminal folds them draws over the wrong rows
        await terminal.SeeAsync(s => Goes(s, "backend") && s.Count(l => l.Contains(" redis ", StringComparison.Ordinal)) == 1, "one line for each in the smaller terminal");
        await terminal.ResizeAsync(100, 30);
        var resized = LineOf(await terminal.ScreenAsync(), "backend");
        await terminal.SeeAsync(s => Goes(s, "backend") && LineOf(s, "backend") != resized, "the lines are drawn anew in the larger terminal");
        workspace.LetGo(instance);
        var screen = await terminal.SeeAsync(s => s.Contains("ended with 0"), "Up ends");

        Assert.DoesNotContain(screen, l => l.Any(Spinner.Contains));
        var begin = screen.ToList().FindIndex(l => l.StartsWith("✔ Instance", StringComparison.Ordinal));
        Assert.StartsWith($"✔ Instance {instance.Number} ({instance.Project}) is up after ", screen[begin], StringComparison.Ordinal);
        Assert.Single(screen, l => l.Contains($"http://localhost:{instance.BackendPort}", StringComparison.Ordinal));
        Assert.False(screen.Take(begin).Any(l => l.Contains("redis", StringComparison.Ordinal)), string.Join('\n', screen));
        Assert.True(await terminal.HasCursorAsync());
    }

    [Fact]
    public async Task Ctrl_C_ends_Up_and_gives_the_cursor_back()
    {
        var workspace = await CreateWorkspaceAsync(new TinyStack { Backend = TinyStack.Holding });
        var instance = workspace.TakeInstance();
        await using var terminal = await workspace.OpenTerminalAsync(100, 30);
        await terminal.TypeAsync(workspace.CommandLine("Up", "--instance", $"{instance.Number}") + "; echo \"ended with $?\"");
        await terminal.SeeAsync(s => Goes(s, "backend"), "the backend is waited for");

        await terminal.InterruptAsync();

        var screen = await terminal.SeeAsync(s => s.Contains("ended with 130"), "Up ends", 15);
        Assert.Contains(screen, l => l.Contains($"Up --instance {instance.Number}", StringComparison.Ordinal) && !l.StartsWith('$'));
        Assert.DoesNotContain(screen, l => l.Any(Spinner.Contains));
        Assert.True(await terminal.HasCursorAsync());
    }

    [Fact]
    public async Task A_second_Ctrl_C_ends_Up_at_once_and_gives_the_cursor_back()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        using var deaf = ProgramFolder.With("docker", $"""
            case " $* " in *" up "*) trap '' INT TERM; touch "{workspace.PathOf("deaf")}"; sleep 30 & wait; exit 1 ;; esac
            exec "{ProgramFolder.Find("docker")}" "$@"
            """);
        workspace.Environment["PATH"] = deaf.SearchPath;
        await using var terminal = await workspace.OpenTerminalAsync(100, 30);

        // A shell runs nothing behind a command that a signal has ended, but its prompt can tell of it.
        await terminal.TypeAsync("PS1='ended with $? '");
        await terminal.TypeAsync(workspace.CommandLine("Up", "--instance", $"{instance.Number}"));
        await Eventually.HoldsAsync(() => File.Exists(workspace.PathOf("deaf")), "docker compose up runs", 60);

        await terminal.InterruptAsync();
        await Eventually.HoldsAsync(
            async () =>
            {
                // Two that come while the program gets no processor are one to it.
                await terminal.InterruptAsync();
                return (await terminal.ScreenAsync()).Any(l => l.StartsWith("ended with 130", StringComparison.Ordinal));
            },
            "a second Ctrl-C ends it", 15);

        Assert.True(await terminal.HasCursorAsync());
    }

    [Fact]
    public async Task Status_is_watched_in_colours_or_without_and_nobody_has_to_read_to_the_end()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        await using var terminal = await workspace.OpenTerminalAsync(100, 30);
        string[] one = ["--instance", $"{instance.Number}"];

        await terminal.TypeAsync(workspace.CommandLine(["Status", "-w", .. one]) + "; echo \"ended with $?\"");
        await terminal.SeeAsync(s => s.Count(l => l.Contains(" backend ", StringComparison.Ordinal)) == 1, "the table is shown");
        await terminal.ResizeAsync(70, 20);
        await terminal.ResizeAsync(100, 30);
        await terminal.InterruptAsync();
        var screen = await terminal.SeeAsync(s => s.Contains("ended with 0"), "watching ends", 15);
        Assert.Single(screen, l => l.Contains(" backend ", StringComparison.Ordinal));
        Assert.True(await terminal.HasCursorAsync());
        Assert.Contains("\e[", await terminal.ColouredAsync(), StringComparison.Ordinal);

        await terminal.TypeAsync("clear; tmux clear-history; NO_COLOR=1 " + workspace.CommandLine(["Status", .. one]) + "; echo \"plain $?\"");
        await terminal.SeeAsync(s => s.Contains("plain 0"), "NO_COLOR is honoured", 30);
        Assert.DoesNotContain("\e[", await terminal.ColouredAsync(), StringComparison.Ordinal);

        foreach (var verb in new[] { "Status --watch --json", "Logs --follow", "Stats --watch", "Status" })
        {
            await terminal.TypeAsync($"clear; {workspace.CommandLine([.. verb.Split(' '), .. one])} | head -n 1; echo \"{verb} piped\"");
            screen = await terminal.SeeAsync(s => s.Contains($"{verb} piped"), $"{verb} ends when nobody reads", 30);
            Assert.DoesNotContain(screen, l => l.Contains("Exception", StringComparison.Ordinal) || l.Contains("error:", StringComparison.OrdinalIgnoreCase));
        }
    }

    private static bool Goes(IReadOnlyList<string> screen, string part) =>
        screen.Any(l => l.Any(Spinner.Contains) && l.Contains($" {part} ", StringComparison.Ordinal));

    private static string? LineOf(IReadOnlyList<string> screen, string part) =>
        screen.FirstOrDefault(l => l.Contains($" {part} ", StringComparison.Ordinal));

    private static bool IsDone(IReadOnlyList<string> screen, string part) =>
        screen.Any(l => l.Contains('✔') && l.Contains($" {part} ", StringComparison.Ordinal));
}
