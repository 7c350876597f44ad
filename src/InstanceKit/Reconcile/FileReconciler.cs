namespace InstanceKit.Reconcile;

/// <summary>What happens to one generated file.</summary>
/// <param name="Name">Its name in the instance's folder.</param>
/// <param name="Action">What happens.</param>
/// <param name="Cause">Why.</param>
public sealed record FileDecision(string Name, FileAction Action, string Cause);

/// <summary>What can happen to a generated file.</summary>
public enum FileAction
{
    /// <summary>It is as it should be.</summary>
    Leave,

    /// <summary>It is written.</summary>
    Write,

    /// <summary>It was edited and is kept.</summary>
    Keep,

    /// <summary>It was edited, is saved as *.bak and then written.</summary>
    BackupAndWrite,
}

/// <summary>Decides, by hash, whether a generated file is written, unchanged, or kept because it was edited.</summary>
public static class FileReconciler
{
    /// <summary>Decides for one file.</summary>
    /// <param name="name">Its name in the instance's folder.</param>
    /// <param name="wanted">The text it should have.</param>
    /// <param name="found">The text it has; <see langword="null"/> when it does not exist.</param>
    /// <param name="recordedHash">The hash of the text that was last generated; <see langword="null"/> when unknown.</param>
    /// <param name="force">Whether an edited file is overwritten.</param>
    /// <param name="changed">Why it should have another text than was last generated, as a phrase.</param>
    public static FileDecision Decide(
        string name, string wanted, string? found, string? recordedHash, bool force, string changed = SourceChanges.Unknown)
    {
        if (found is null)
            return new FileDecision(name, FileAction.Write, "does not exist");
        if (found == wanted)
            return new FileDecision(name, FileAction.Leave, "is up to date");
        if (ContentHash.Of(found) == recordedHash)
            return new FileDecision(name, FileAction.Write, changed);
        return force
            ? new FileDecision(name, FileAction.BackupAndWrite, "was edited; --force, saved as *.bak")
            : new FileDecision(name, FileAction.Keep, "was edited since it was generated");
    }
}
