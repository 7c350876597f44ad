using BlackBox;
using Xunit;

namespace Build.Tests.Manual;

/// <summary>The build is called differently on each platform, so no message may spell the call by itself.</summary>
public sealed class LauncherTests
{
    // What is read where the platform is known, or on any.
    private static readonly string[] Spellers =
        ["src/InstanceKit/NextCommand.cs", "build/Cli/Hosting/NativeProgram.cs", "build/Cli/Hosting/ManualText.cs", "build/Build.cs"];

    [Fact]
    public void No_message_names_the_script()
    {
        var sources = new[] { "src", "build" }.SelectMany(room => Directory.EnumerateFiles(Repository.PathOf(room), "*.cs", SearchOption.AllDirectories))
            .Select(path => (Path: path, Name: Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')))
            .Where(file => !file.Name.Contains("/bin/", StringComparison.Ordinal) && !file.Name.Contains("/obj/", StringComparison.Ordinal))
            .Where(file => !Spellers.Contains(file.Name));

        Assert.Empty(
            from file in sources
            from line in File.ReadLines(file.Path)
            where line.Contains("./build.sh", StringComparison.Ordinal) && !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            select $"{file.Name}: {line.Trim()}");
    }
}
