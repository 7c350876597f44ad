using InstanceKit;
using InstanceKit.Verbs;

namespace Output;

/// <summary>Writes ports as <c>NAME=number</c> lines, fit for a shell's <c>eval</c>.</summary>
internal static class PortsText
{
    /// <summary>Writes the ports of one instance.</summary>
    /// <exception cref="InstanceKitException">There are several instances: their names would repeat.</exception>
    public static void Write(TextWriter writer, IReadOnlyList<InstanceInfo> infos)
    {
        if (infos is not [var info])
        {
            throw InstanceKitException.Usage(
                $"Ports prints NAME=number lines, which {infos.Count} instances would overwrite.",
                "Name one instance, or add --json.");
        }

        foreach (var port in info.Ports.Assignments)
            writer.WriteLine($"{port.Name}={port.Port}");
    }
}
