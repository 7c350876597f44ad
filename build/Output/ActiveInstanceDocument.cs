namespace Output;

/// <summary>What <c>UseInstance --json</c> prints.</summary>
/// <param name="SchemaVersion">See <see cref="JsonOutput.SchemaVersion"/>.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Instance">The instance that is used from now on where none is named.</param>
internal sealed record ActiveInstanceDocument(int SchemaVersion, string Workspace, int Instance);
