namespace InstanceKit.Drivers;

/// <summary>The error of an engine that does not answer.</summary>
internal static class EngineFailure
{
    /// <summary>The error for people.</summary>
    /// <param name="endpoint">Where it should answer.</param>
    /// <param name="cause">What came instead.</param>
    public static InstanceKitException Of(Uri endpoint, Exception cause) => new(
        ExitCode.Prerequisite, $"The Docker engine at {endpoint} does not answer: {cause.Message.TrimEnd('.')}.",
        "Start Docker (systemctl start docker, or Docker Desktop), or set DOCKER_HOST to where it runs.", cause);
}
