using System.Runtime.CompilerServices;
using System.Text;
using Xunit;

namespace InstanceKit.Tests;

/// <summary>Compares text with a golden file beside the test, which people review like any other file.</summary>
/// <remarks>
/// The file is <c>Snapshots/{Class}.{Method}.golden.{extension}</c>. With <c>UPDATE_SNAPSHOTS=1</c> it is rewritten
/// instead of compared.
/// </remarks>
internal static class Snapshot
{
    private const string UpdateVariable = "UPDATE_SNAPSHOTS";

    /// <summary>Fails, naming the first line that differs, unless the golden file holds exactly this text.</summary>
    /// <param name="actual">The text to compare, line ends included.</param>
    /// <param name="extension">What editors should take the file for, without a dot.</param>
    /// <param name="testFile">Filled in by the compiler.</param>
    /// <param name="testMethod">Filled in by the compiler.</param>
    public static void Verify(
        string actual, string extension, [CallerFilePath] string testFile = "", [CallerMemberName] string testMethod = "")
    {
        var name = $"{Path.GetFileNameWithoutExtension(testFile)}.{testMethod}.golden.{extension}";
        VerifyFile(Path.Combine(SourceFolder(testFile), "Snapshots", name), actual);
    }

    /// <summary>Does the same with a golden file of any other place; a text of no lines has no file.</summary>
    /// <param name="path">The golden file, in the source tree.</param>
    /// <param name="actual">The text to compare, line ends included.</param>
    public static void VerifyFile(string path, string actual)
    {
        if (actual.Length == 0 && !File.Exists(path)) return;
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            return;
        }

        var expected = File.Exists(path) ? File.ReadAllText(path) : null;
        if (expected != actual)
            Assert.Fail($"{Difference(expected, actual)}\nIf that is meant: {UpdateVariable}=1 rewrites it; review {path}.");
    }

    private static string Difference(string? expected, string actual)
    {
        if (expected is null) return $"There is no snapshot yet. The text is:\n{actual}";
        var (old, now) = (expected.Split('\n'), actual.Split('\n'));
        var line = 0;
        while (line < old.Length && line < now.Length && old[line] == now[line]) line++;
        return $"Line {line + 1} differs.\n  snapshot: {Shown(old, line)}\n  actual:   {Shown(now, line)}";
    }

    private static string Shown(string[] lines, int line) =>
        line < lines.Length ? lines[line].Replace("\r", "\\r", StringComparison.Ordinal) : "(the text ends before)";

    /// <summary>The test's folder in the source tree, also when that has moved since the tests were compiled.</summary>
    private static string SourceFolder(string testFile)
    {
        var folder = Path.GetDirectoryName(testFile)!;
        if (Directory.Exists(folder)) return folder;

        var parts = folder.Replace('\\', '/').Split('/');
        for (var root = new DirectoryInfo(AppContext.BaseDirectory); root is not null; root = root.Parent)
        for (var skip = 1; skip < parts.Length && File.Exists(Path.Combine(root.FullName, "ShipSec.Build.sln")); skip++)
        {
            var candidate = Path.Combine([root.FullName, .. parts[skip..]]);
            if (Directory.Exists(candidate)) return candidate;
        }

        throw new DirectoryNotFoundException($"No source folder of {testFile} above {AppContext.BaseDirectory}.");
    }
}
