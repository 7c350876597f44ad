using InstanceKit;

namespace Output;

/// <summary>Shows errors and remedies.</summary>
internal sealed class ErrorText(CommandOutput output)
{
    /// <summary>Writes an error of the whole command: one line where the message is one.</summary>
    public void Write(InstanceKitException error)
    {
        output.Messages.WriteLine(("error: ", Palette.Bad), (error.OneLine ?? error.Message, null));
        if (error.OneLine is null)
            WriteRemedy(error, indent: "");
        WriteCause(error);
    }

    /// <summary>Writes an error under a heading.</summary>
    public void WriteIndented(InstanceKitException error)
    {
        foreach (var line in error.Message.Split('\n'))
            output.Messages.WriteLine($"  {line.TrimEnd('\r')}");
        WriteRemedy(error, indent: "  ");
        WriteCause(error);
    }

    private void WriteRemedy(InstanceKitException error, string indent)
    {
        if (error.Remedy is { } remedy)
            output.Messages.WriteLine(($"{indent}→ ", Palette.Good), (remedy, null));
    }

    private void WriteCause(InstanceKitException error)
    {
        if (output.Detail != Detail.Verbose)
            return;
        foreach (var line in error.ToString().Split('\n'))
            output.Messages.WriteLine($"    {line.TrimEnd('\r')}", Palette.Faint);
    }
}
