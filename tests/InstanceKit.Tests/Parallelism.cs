using System.Runtime.CompilerServices;
using CsCheck;

namespace InstanceKit.Tests;

internal static class Parallelism
{
    /// <summary>
    /// Properties run on the thread of their test: xUnit runs as many tests at once as there are processors. With threads of the
    /// pool for each, a busy machine has none left to tell the runner that the process lives, which gives up after a minute.
    /// </summary>
    [ModuleInitializer]
    internal static void OneThreadForEachProperty() => Check.Threads = 1;
}
