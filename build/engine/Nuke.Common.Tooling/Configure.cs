namespace Nuke.Common.Tooling;

/// <summary>Takes a value and returns what it should be.</summary>
public delegate T Configure<T>(T settings);
