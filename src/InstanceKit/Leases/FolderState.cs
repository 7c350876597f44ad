namespace InstanceKit.Leases;

/// <summary>Whether the folder of a workspace is there.</summary>
public enum FolderState
{
    /// <summary>It is there.</summary>
    Present,

    /// <summary>
    /// It is unreachable and may come back: its disk is not mounted, another one is, or a parent directory can't be
    /// read. In doubt, a folder counts as away.
    /// </summary>
    Away,

    /// <summary>It was deleted or renamed: its disk is there, and the folder is not.</summary>
    Gone,
}
