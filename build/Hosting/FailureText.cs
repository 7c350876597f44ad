using InstanceKit;
using Nuke.Common;

namespace Hosting;

/// <summary>Writes a failure for people: one block on standard error, one line where the message is one, and nothing of the machinery behind it.</summary>
internal static class FailureText
{
    /// <summary>Called with every failure that is written: puts it on standard output where data is asked for.</summary>
    public static Action<InstanceKitException>? WriteData { get; set; }

    /// <summary>Writes the message and the remedy; the technical part only when everything is to be said.</summary>
    public static void Write(InstanceKitException failure, bool isVerbose = false)
    {
        var writer = BuildStreams.Progress;
        var (red, plain) = BuildStreams.IsProgressColoured ? ("\u001b[31m", "\u001b[0m") : ("", "");
        writer.WriteLine($"{red}error:{plain} {failure.OneLine ?? string.Join(writer.NewLine, failure.Message, failure.Remedy).TrimEnd()}");
        if (isVerbose)
            writer.WriteLine(failure);
        WriteData?.Invoke(failure);
    }
}
