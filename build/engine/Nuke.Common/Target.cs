namespace Nuke.Common;

/// <summary>A target: a function that describes it on the definition it is handed.</summary>
public delegate ITargetDefinition Target(ITargetDefinition definition);
