namespace Hosting;

/// <summary>Tells the engine that a target has failed, after everything worth saying has been said.</summary>
internal sealed class TargetStoppedException(int exitCode) : Exception($"ended with exit code {exitCode}")
{
    /// <summary>Short, because some hosts of the engine print it whole.</summary>
    public override string ToString() => Message;
}
