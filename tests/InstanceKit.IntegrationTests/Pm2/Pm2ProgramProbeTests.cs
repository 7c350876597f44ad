using System.Collections.Concurrent;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Pm2;

[Collection(nameof(ChangesPath))]
public sealed class Pm2ProgramProbeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ik-").FullName;
    private readonly string? path = Environment.GetEnvironmentVariable("PATH");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PATH", path);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Pinned_copy_is_installed_once_by_two_commands_at_once_and_found_again()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
        WriteProgram("node", "echo v20.0.0");
        WriteProgram("npm", $$"""
            echo once >>"{{folder}}/installed"
            /bin/mkdir -p node_modules/pm2/bin
            echo '{ "name": "pm2", "version": "{{Pm2ProgramProbe.PinnedVersion}}" }' >node_modules/pm2/package.json
            : >node_modules/pm2/bin/pm2
            """);
        Environment.SetEnvironmentVariable("PATH", folder);
        var lines = new ConcurrentQueue<string>();
        Pm2ProgramProbe Locator() => new($"{folder}/tools", lines.Enqueue) { SearchPath = "" };

        var programs = await Task.WhenAll(Locator().FindAsync(Cancellation), Locator().FindAsync(Cancellation));

        Assert.Equal([$"pm2-{Pm2ProgramProbe.PinnedVersion}", $"pm2-{Pm2ProgramProbe.PinnedVersion}.lock"],
            Directory.GetFileSystemEntries($"{folder}/tools").Select(e => Path.GetFileName(e)).Order());
        Assert.All(programs, p => Assert.Equal(Version.Parse(Pm2ProgramProbe.PinnedVersion), p.Version));
        Assert.Single(lines, l => l.StartsWith("Installing PM2", StringComparison.Ordinal));
        Assert.Equal("once\n", await File.ReadAllTextAsync($"{folder}/installed", Cancellation));

        lines.Clear();
        Environment.SetEnvironmentVariable("PATH", ""); // neither node nor npm is needed any more
        Assert.Equal(programs[0].PrefixArguments, (await Locator().FindAsync(Cancellation)).PrefixArguments);
        Assert.Empty(lines);
    }

    [Theory]
    [InlineData("6.0.14", true)]
    [InlineData("5.0.0-beta.1", true)]
    [InlineData("4.5.6", false)]
    public async Task Pm2_on_the_search_path_is_used_from_version_5_on(string version, bool isUsed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "npm makes no links on Windows.");
        var package = WritePackage("lib/node_modules/pm2", version);
        Directory.CreateDirectory($"{folder}/bin");
        File.CreateSymbolicLink($"{folder}/bin/pm2", "../lib/node_modules/pm2/bin/pm2");
        WritePackage($"tools/pm2-{Pm2ProgramProbe.PinnedVersion}/node_modules/pm2", Pm2ProgramProbe.PinnedVersion);

        var program = await new Pm2ProgramProbe($"{folder}/tools") { SearchPath = $"{folder}/none:{folder}/bin" }.FindAsync(Cancellation);

        Assert.Equal(isUsed, program.PrefixArguments[0] == $"{package}/bin/pm2");
        Assert.Equal(isUsed ? version.Split('-')[0] : Pm2ProgramProbe.PinnedVersion, program.Version.ToString());
    }

    [Fact]
    public async Task Without_node_the_error_says_what_to_install()
    {
        Environment.SetEnvironmentVariable("PATH", folder);

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => Locate());

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.Contains("Node.js 18", error.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_node_is_refused_with_its_version()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in is a shell script.");
        WriteProgram("node", "echo v16.20.2");
        Environment.SetEnvironmentVariable("PATH", folder);

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => Locate());

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.Contains("v16.20.2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_installation_shows_npms_words_and_leaves_nothing_half_made()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-ins are shell scripts.");
        WriteProgram("node", "echo v20.0.0");
        WriteProgram("npm", "echo 'npm error code ECONNREFUSED' >&2; exit 1");
        Environment.SetEnvironmentVariable("PATH", folder);

        var error = await Assert.ThrowsAsync<InstanceKitException>(() => Locate());

        Assert.Equal(ExitCode.Prerequisite, error.ExitCode);
        Assert.Contains("ECONNREFUSED", error.Message, StringComparison.Ordinal);
        Assert.Equal([$"pm2-{Pm2ProgramProbe.PinnedVersion}.lock"], Directory.GetFileSystemEntries($"{folder}/tools").Select(e => Path.GetFileName(e)));
    }

    private Task<Pm2Program> Locate() => new Pm2ProgramProbe($"{folder}/tools") { SearchPath = "" }.FindAsync(Cancellation);

    private void WriteProgram(string name, string script)
    {
        File.WriteAllText($"{folder}/{name}", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode($"{folder}/{name}", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string WritePackage(string path, string version)
    {
        var package = $"{folder}/{path}";
        Directory.CreateDirectory($"{package}/bin");
        File.WriteAllText($"{package}/package.json", $$"""{ "name": "pm2", "version": "{{version}}" }""");
        File.WriteAllText($"{package}/bin/pm2", "");
        return package;
    }
}

/// <summary>Tests that change PATH run alone.</summary>
[CollectionDefinition(nameof(ChangesPath), DisableParallelization = true)]
public sealed class ChangesPath;
