using System.Runtime.CompilerServices;

namespace BlackBox;

/// <summary>Lets build.sh use a native program that is there, and start making none behind the back of a test.</summary>
internal static class MadePrograms
{
    private const string Choice = "BuildNative";

    [ModuleInitializer]
    internal static void Choose()
    {
        if (Environment.GetEnvironmentVariable(Choice) is null or "now")
            Environment.SetEnvironmentVariable(Choice, "made");
    }
}
