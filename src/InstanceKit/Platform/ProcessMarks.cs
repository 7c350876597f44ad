namespace InstanceKit.Platform;

/// <summary>Marks that are written into an app's PM2 entry and read back from running processes; both sides must use the same names.</summary>
public static class ProcessMarks
{
    /// <summary>The variable that marks a process as an instance's, see <c>InstanceSpec.OwnerMarker</c>.</summary>
    public const string Owner = "INSTANCEKIT_OWNER";

    /// <summary>The variable that carries the fingerprint of the configuration that a process was started with.</summary>
    public const string Fingerprint = "INSTANCEKIT_FINGERPRINT";

    /// <summary>The owner's marker of the processes of a project that was started from a workspace.</summary>
    public static string OwnerOf(string project, string workspace) => $"{project}@{ContentHash.Of(workspace)[..16]}";

    /// <summary>PM2's <c>log_date_format</c>, with which log lines are merged by time.</summary>
    public const string LogDateFormat = "YYYY-MM-DDTHH:mm:ss.SSSZ";
}
