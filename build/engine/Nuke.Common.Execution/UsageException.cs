using InstanceKit;

namespace Nuke.Common.Execution;

/// <summary>A build that cannot even start as it was called or written: one sentence, exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The exit code of such a run.</summary>
    public const int ExitCode = 2;
}
