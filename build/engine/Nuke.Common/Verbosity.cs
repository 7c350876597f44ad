namespace Nuke.Common;

/// <summary>How much the engine says, from everything to errors only.</summary>
public enum Verbosity { Verbose, Normal, Minimal, Quiet }
