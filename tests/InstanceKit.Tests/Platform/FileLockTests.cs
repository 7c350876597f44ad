using System.Diagnostics;
using InstanceKit.Instances;
using InstanceKit.Platform;
using InstanceKit.Tests.Fakes;
using Xunit;

namespace InstanceKit.Tests.Platform;

/// <summary>Who has a lock, who waits for it and how long, and what the file system may refuse.</summary>
public sealed class FileLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ik-locks-").FullName;
    private readonly List<string> _lines = [];

    private string File => Path.Combine(_folder, "a.lock");

    private string Note => Path.Combine(_folder, "a.holder.json");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void One_has_it_and_is_named_until_it_gives_it_back()
    {
        using (FileLock.TryTake(File, "Up")!)
        {
            Assert.Null(FileLock.TryTake(File, "Down"));
            Assert.Equal((Environment.ProcessId, "Up"), (FileLock.Holder(File)!.Pid, FileLock.Holder(File)!.Verb));
            Assert.StartsWith($"'Up' (process {Environment.ProcessId}, since ", FileLock.Describe(File), StringComparison.Ordinal);
        }

        Assert.Null(FileLock.Holder(File));
        Assert.False(System.IO.File.Exists(Note));
        FileLock.TryTake(File, "Down")!.Dispose();
    }

    [Fact]
    public async Task Who_waits_hears_of_it_once_and_gives_up_in_the_end()
    {
        using var held = FileLock.TryTake(File, "Up");
        var clock = new FakeClock { SkipsWaits = true };
        var begin = clock.GetUtcNow();

        var error = await Assert.ThrowsAsync<InstanceKitException>(
            () => FileLock.TakeAsync(File, "The registry", _lines.Add, TimeSpan.FromSeconds(30), Token, clock));

        Assert.Equal(ExitCode.Locked, error.ExitCode);
        Assert.StartsWith($"The registry is held by 'Up' (process {Environment.ProcessId}, since", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; waited 30 s.", error.Message, StringComparison.Ordinal);
        Assert.Equal($"Wait for it to finish, or stop it (process {Environment.ProcessId}), then retry.", error.Remedy);
        Assert.StartsWith($"waiting for 'Up' (process {Environment.ProcessId}", Assert.Single(_lines), StringComparison.Ordinal);
        Assert.InRange((clock.GetUtcNow() - begin).TotalSeconds, 30, 30.2);
    }

    [Fact]
    public async Task Who_waits_gets_it_when_it_is_free()
    {
        var held = FileLock.TryTake(File, "Up");
        var clock = new FakeClock { SkipsWaits = true };
        clock.OnWait = _ =>
        {
            if (clock.GetUtcNow().Second >= 1)
                held!.Dispose();
        };

        using var taken = await FileLock.TakeAsync(File, "The registry", _lines.Add, TimeSpan.FromSeconds(30), Token, clock);

        Assert.Empty(_lines); // after a second
        Assert.Null(FileLock.TryTake(File));
    }

    [Fact]
    public async Task Who_waits_can_be_interrupted()
    {
        using var held = FileLock.TryTake(File, "Up");
        using var user = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var clock = new FakeClock { OnWait = _ => user.Cancel() };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => FileLock.TakeAsync(File, "The registry", null, TimeSpan.FromSeconds(30), user.Token, clock));
    }

    [Fact]
    public async Task A_stopped_holder_is_waited_for_ten_seconds_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems do not say.");
        using var stopped = Process.Start("sleep", "60");
        try
        {
            using var held = FileLock.TryTake(File, "Up");
            using (var kill = Process.Start("kill", ["-STOP", $"{stopped.Id}"]))
                await kill.WaitForExitAsync(Token);
            await System.IO.File.WriteAllTextAsync(Note, $$"""{"Pid":{{stopped.Id}},"Verb":"Up","Since":"{{DateTimeOffset.UtcNow.AddMinutes(1):O}}"}""", Token);

            var error = await Assert.ThrowsAsync<InstanceKitException>(
                () => FileLock.TakeAsync(File, "The registry", null, TimeSpan.FromSeconds(30), Token, new FakeClock { SkipsWaits = true }));

            Assert.EndsWith(", stopped); waited 10 s.", error.Message, StringComparison.Ordinal);
            Assert.Contains($"kill -CONT {stopped.Id}", error.Remedy, StringComparison.Ordinal);
        }
        finally
        {
            stopped.Kill();
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"Pid\":1")]
    [InlineData("""{"Pid":999999999,"Verb":"Up","Since":"2026-01-01T00:00:00+00:00"}""")]
    [InlineData("""{"Pid":SELF,"Verb":"Up","Since":"2001-01-01T00:00:00+00:00"}""")] // its number belongs to a later process
    public void A_note_that_names_nobody_who_runs_is_no_holder(string note)
    {
        System.IO.File.WriteAllText(Note, note.Replace("SELF", $"{Environment.ProcessId}", StringComparison.Ordinal));

        Assert.Null(FileLock.Holder(File));
        Assert.Equal("another command", FileLock.Describe(File));
        Assert.Equal("Wait for it to finish, then retry.", FileLock.Held("x", File).Remedy);
    }

    [Fact]
    public void A_note_that_can_not_be_written_costs_only_the_name()
    {
        Directory.CreateDirectory(Path.Combine(Note, "below"));

        using var held = FileLock.TryTake(File, "Up");

        Assert.NotNull(held);
        Assert.Null(FileLock.TryTake(File, "Down"));
        Assert.Equal("another command", FileLock.Describe(File));
    }

    [Fact]
    public async Task A_directory_in_place_of_the_lock_is_not_mistaken_for_a_lock_that_is_held()
    {
        Directory.CreateDirectory(File);

        var error = await Assert.ThrowsAnyAsync<Exception>(
            () => FileLock.TakeAsync(File, "The registry", null, TimeSpan.FromSeconds(30), Token, new FakeClock { SkipsWaits = true }));

        Assert.Contains($"'{File}'", FileFailure.Of(error)!.Message, StringComparison.Ordinal);
        Assert.Contains("a file is expected", FileFailure.Of(error)!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".instances/.locks/instance-3.lock/below", "a file is expected")]
    [InlineData(".instances", "is a file, but a directory is expected")]
    [InlineData(".instances/.locks", "is a file, but a directory is expected")]
    public void What_is_in_the_way_of_an_instance_s_lock_is_named(string inTheWay, string reason)
    {
        var path = Path.Combine(_folder, inTheWay);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, "");

        foreach (var mayLackSpace in new[] { false, true })
        {
            var error = Assert.Throws<InstanceKitException>(() => InstanceLock.Acquire(Studio.Spec(3) with { Workspace = _folder }, "Up", mayLackSpace));

            Assert.Equal(ExitCode.Failed, error.ExitCode);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_instance_that_is_held_is_refused_with_who_has_it()
    {
        var paths = new InstancePaths(_folder, 3);
        var spec = Studio.Spec(3) with { Workspace = _folder };
        using var held = InstanceLock.Acquire(spec, "Up");

        var error = Assert.Throws<InstanceKitException>(() => InstanceLock.Acquire(spec, "Down", mayLackSpace: true));
        var shared = Assert.Throws<InstanceKitException>(() => InstanceLock.Acquire(spec with { Stack = Studio.Stack with { IsShared = true } }, "Down"));

        Assert.Equal(ExitCode.Locked, error.ExitCode);
        Assert.StartsWith($"Instance 3 is held by 'Up' (process {Environment.ProcessId}", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Shared infrastructure is held by 'Up'", shared.Message, StringComparison.Ordinal);
        Assert.True(InstanceLock.IsHeld(paths));
    }
}
