using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>One instance as it was asked for, validated.</summary>
/// <param name="Stack">What it runs.</param>
/// <param name="Workspace">The workspace's absolute path.</param>
/// <param name="Number">The instance's number, 0 or more.</param>
public sealed record InstanceSpec(StackDefinition Stack, string Workspace, int Number)
{
    /// <summary>The Compose project.</summary>
    public string Project => Stack.ProjectOf(Number);

    /// <summary>Where its files lie.</summary>
    public InstancePaths Paths => new(Workspace, Number);

    /// <summary>Marks the processes of this instance in their environment, so that nobody else's are ever ended.</summary>
    public string OwnerMarker => ProcessMarks.OwnerOf(Project, Workspace);

    /// <summary>The PM2 name of one of its apps.</summary>
    public string ProcessNameOf(AppDefinition app) => Stack.ProcessNameOf(app.Name, Number);
}
