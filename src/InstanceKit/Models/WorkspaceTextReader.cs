using System.Buffers;
using System.Text;
using System.Text.Unicode;
using InstanceKit.Platform;
using YamlDotNet.Core;

namespace InstanceKit.Models;

/// <summary>Reads text files of a workspace unchanged; rejects what is not text.</summary>
internal static class WorkspaceTextReader
{
    private const int MostBytes = 8_000_000;

    /// <summary>
    /// An env file with its byte order mark and line endings, which are written to the instance's env file unchanged;
    /// <see langword="null"/> when it does not exist.
    /// </summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="shown">Its path for display.</param>
    /// <exception cref="InstanceKitException">It is not UTF-8, contains a NUL character, is too large or can't be read.</exception>
    public static string? ReadEnv(string path, string shown)
    {
        if (ReadBytes(path, shown) is not { } bytes)
            return null;
        var text = new char[bytes.Length];
        var isText = Utf8.ToUtf16(bytes, text, out var read, out var written, replaceInvalidSequences: false) == OperationStatus.Done;
        var wrong = isText ? Array.IndexOf(bytes, (byte)0) : read;
        return wrong < 0 ? new string(text, 0, written) : throw InstanceKitException.Usage(
            $"{shown} is not valid UTF-8: line {bytes.AsSpan(0, wrong).Count((byte)'\n') + 1} contains the byte 0x{bytes[wrong]:X2}.",
            "Save it as UTF-8, for example: iconv -f ISO-8859-1 -t UTF-8");
    }

    /// <summary>A YAML file; <see langword="null"/> when it does not exist.</summary>
    /// <param name="path">Its absolute path.</param>
    /// <param name="shown">Its path for display.</param>
    /// <exception cref="InstanceKitException">It is not text in UTF-8 or UTF-16, is a folder, is too large or can't be read.</exception>
    public static string? ReadYaml(string path, string shown)
    {
        try
        {
            return ReadBytes(path, shown) is { } bytes ? YamlText.Decode(bytes) : null;
        }
        catch (YamlException e)
        {
            throw InstanceKitException.Usage($"{shown}({e.Start.Line},{e.Start.Column}): {YamlText.ReasonOf(e)}.", "Save the file as UTF-8.");
        }
    }

    private static byte[]? ReadBytes(string path, string shown) =>
        new FileInfo(path) is { Exists: true, Length: > MostBytes }
            ? throw InstanceKitException.Usage($"{shown} is larger than {MostBytes / 1_000_000} MB.", "Remove what does not belong there.")
            : FileStore.ReadSourceBytes(path);
}
