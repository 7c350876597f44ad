using System.Collections;
using InstanceKit.Platform;

namespace InstanceKit.Verbs;

/// <summary>A command on this machine, with the variables of an instance and none that belong to another one.</summary>
internal static class HostCommand
{
    /// <summary>The process to run.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <param name="folder">Its working directory; <see langword="null"/> for the current one.</param>
    /// <param name="variables">What is set for it.</param>
    /// <exception cref="InstanceKitException">There is no such program.</exception>
    public static ProcessSpec Create(
        IReadOnlyList<string> command, string folder, IReadOnlyList<KeyValuePair<string, string>> variables) =>
        TryCreate(command, folder, variables) ?? throw NotFound(command[0]);

    /// <summary>The same; <see langword="null"/> where there is no such program.</summary>
    public static ProcessSpec? TryCreate(
        IReadOnlyList<string> command, string? folder, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        var ambient = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Select(v => KeyValuePair.Create((string)v.Key, (string?)v.Value ?? ""));
        var environment = new Dictionary<string, string?>(AmbientEnvironment.Scrub(ambient), StringComparer.Ordinal);
        foreach (var (name, value) in variables)
            environment[name] = value;
        return Find(command[0], folder ?? Directory.GetCurrentDirectory(), environment) is not { } program ? null : new ProcessSpec
        {
            Program = program,
            Arguments = [.. command.Skip(1)],
            WorkingDirectory = folder,
            Environment = environment,
        };
    }

    /// <summary>The error on a program that is not there; its exit code is a shell's.</summary>
    public static InstanceKitException NotFound(string program) => new(
        ExitCode.CommandNotFound, $"Command '{program}' not found.",
        "To run a shell builtin, use a shell: -- sh -c '...'.");

    /// <summary>As a shell finds it; the system would also search the directory of this program and the current directory.</summary>
    private static string? Find(string name, string folder, Dictionary<string, string?> environment)
    {
        if (!name.Contains('/') && !name.Contains(Path.DirectorySeparatorChar))
            return ProgramsOnPath.Find(name, environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "");
        var path = Path.GetFullPath(name, folder);
        return File.Exists(path) ? path : null;
    }
}
