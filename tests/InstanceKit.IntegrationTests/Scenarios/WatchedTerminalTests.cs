using InstanceKit.IntegrationTests.Support;
using Xunit;

namespace InstanceKit.IntegrationTests.Scenarios;

/// <summary>A terminal while Status is watched in it, and as it is afterwards.</summary>
public sealed class WatchedTerminalTests : Scenario
{
    [Fact]
    public async Task Has_one_table_whatever_its_size_and_is_as_before_at_the_end()
    {
        var workspace = await CreateWorkspaceAsync();
        var instance = workspace.TakeInstance();
        await workspace.UpAsync(instance);
        await using var terminal = await workspace.OpenTerminalAsync(100, 30);
        string[] one = ["--instance", $"{instance.Number}"];
        var watch = workspace.CommandLine(["Status", "--watch", .. one]);

        await terminal.TypeAsync($"before=$(stty -g); {watch}; echo \"ended with $?\"");
        await terminal.SeeAsync(s => CountOf(s, "backend") == 1 && !s[0].StartsWith('$'), "the table has a screen of its own");
        await terminal.ResizeAsync(100, 4);
        await terminal.SeeAsync(s => s.Any(l => l.EndsWith(" more lines", StringComparison.Ordinal)), "what is too much is counted");
        await terminal.ResizeAsync(44, 30);
        await terminal.SeeAsync(s => HasOneOfEach(s) && s.All(l => l.Length <= 44), "the table fits again");
        await terminal.ResizeAsync(100, 30);
        await terminal.SeeAsync(s => HasOneOfEach(s) && CountOf(s, "http://localhost") > 0, "the table has its room again");
        await terminal.InterruptAsync();
        var screen = await terminal.SeeAsync(s => s.Contains("ended with 0"), "watching ends", 15);

        Assert.True(HasOneOfEach(screen), string.Join('\n', screen));
        Assert.DoesNotContain(screen, l => l.Contains("^C", StringComparison.Ordinal));
        Assert.True(await terminal.HasCursorAsync());
        await terminal.TypeAsync("[ \"$(stty -g)\" = \"$before\" ] && echo 'same settings'");
        await terminal.SeeAsync(s => s.Contains("same settings"), "the terminal has the settings that it had", 15);

        await terminal.TypeAsync($"clear; tmux clear-history; TERM=dumb {watch}; echo \"ended dumb with $?\"");
        await terminal.SeeAsync(s => CountOf(s, "backend") == 1 && !s.Contains("same settings"), "a terminal that cannot draw gets a block");
        await terminal.InterruptAsync();
        await terminal.SeeAsync(s => s.Any(l => l.EndsWith("ended dumb with 0", StringComparison.Ordinal)), "watching ends", 15);
        await terminal.TypeAsync($"NO_COLOR=1 {workspace.CommandLine(["Up", .. one])}; echo \"up with $?\"");
        await terminal.SeeAsync(s => s.Contains("up with 0"), "Up ends without colours", 30);
        Assert.DoesNotContain('\e', await terminal.ColouredAsync());

        await terminal.TypeAsync($"clear; {watch} | head -n 1; echo 'nobody reads'");
        await terminal.SeeAsync(s => s.Contains("nobody reads"), "watching ends though nothing changes", 15);

        await terminal.TypeAsync($"clear; {watch}");
        await terminal.SeeAsync(s => HasOneOfEach(s) && !s[0].StartsWith('$'), "the table has a screen of its own");
        await terminal.SuspendAsync();
        await terminal.SeeAsync(s => CountOf(s, "Stopped") == 1 && CountOf(s, " worker ") == 0, "the shell has its screen back");
        Assert.True(await terminal.HasCursorAsync());
        await terminal.TypeAsync("fg");
        await terminal.SeeAsync(s => HasOneOfEach(s) && CountOf(s, "Stopped") == 0, "the table is there again");
        await terminal.InterruptAsync();
        await terminal.TypeAsync("echo \"ended after fg with $?\"");
        await terminal.SeeAsync(s => s.Contains("ended after fg with 0") && CountOf(s, "Stopped") == 1, "watching ends", 15);
    }

    private static bool HasOneOfEach(IReadOnlyList<string> screen) =>
        new[] { "redis", "frontend", "backend", "worker" }.All(part => CountOf(screen, $" {part} ") == 1)
        && !screen.Any(l => l.EndsWith(" more lines", StringComparison.Ordinal));

    private static int CountOf(IReadOnlyList<string> screen, string text) =>
        screen.Count(l => l.Contains(text, StringComparison.Ordinal));
}
