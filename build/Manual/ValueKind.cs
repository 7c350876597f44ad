namespace Manual;

/// <summary>What the value of an option is, as far as a shell can complete it.</summary>
internal enum ValueKind
{
    /// <summary>Any text, or one of the option's choices.</summary>
    Text,

    /// <summary>Instances by number, "all" or "auto".</summary>
    Instances,

    /// <summary>Services and apps.</summary>
    Parts,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>Targets.</summary>
    Targets,
}
