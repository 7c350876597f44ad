using InstanceKit;
using Rendering.Json;

namespace Rendering;

/// <summary>Shows an error that ended a whole command: as text for people and, where JSON was asked for, as a document.</summary>
internal static class ErrorOutput
{
    /// <summary>Writes the error.</summary>
    /// <returns>The process's exit code.</returns>
    public static int Write(Output output, InstanceKitException error)
    {
        new ErrorText(output).Write(error);
        if (output.IsJson)
            JsonOutput.WriteLine(output.Data.Writer, ErrorDocument.Of(error));
        return (int)error.ExitCode;
    }
}
