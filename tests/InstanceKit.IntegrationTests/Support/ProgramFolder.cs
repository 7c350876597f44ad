namespace InstanceKit.IntegrationTests.Support;

/// <summary>A folder of programs for a search path: one that replaces another, or all but one.</summary>
internal sealed class ProgramFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ik-bin-").FullName;

    private ProgramFolder()
    {
    }

    /// <summary>The search path.</summary>
    public string SearchPath { get; private set; } = "";

    /// <summary>The absolute path of a program that the tests themselves would run.</summary>
    public static string Find(string program) =>
        Inherited.Select(f => Path.Combine(f, program)).First(File.Exists);

    /// <summary>A search path on which a shell script stands before the program of the same name.</summary>
    public static ProgramFolder With(string program, string script)
    {
        var result = new ProgramFolder();
        var path = Path.Combine(result._folder, program);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        result.SearchPath = string.Join(Path.PathSeparator, Inherited.Prepend(result._folder));
        return result;
    }

    /// <summary>A search path on which every call of some programs is written into a file, one a line, and then made.</summary>
    public static ProgramFolder Recording(string log, params IReadOnlyList<string> programs)
    {
        var result = new ProgramFolder();
        foreach (var program in programs)
        {
            var path = Path.Combine(result._folder, program);
            File.WriteAllText(path, $"#!/bin/sh\necho \"{program} $*\" >>'{log}'\nexec '{Find(program)}' \"$@\"\n");
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        result.SearchPath = string.Join(Path.PathSeparator, Inherited.Prepend(result._folder));
        return result;
    }

    /// <summary>A search path on which everything is found but one program.</summary>
    public static ProgramFolder Without(string program)
    {
        var result = new ProgramFolder();
        foreach (var file in Inherited.Where(Directory.Exists).SelectMany(Directory.EnumerateFiles).DistinctBy(Path.GetFileName))
        {
            if (Path.GetFileName(file) != program)
                File.CreateSymbolicLink(Path.Combine(result._folder, Path.GetFileName(file)), file);
        }

        result.SearchPath = result._folder;
        return result;
    }

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string[] Inherited => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
}
