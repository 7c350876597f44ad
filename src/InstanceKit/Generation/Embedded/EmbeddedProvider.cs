namespace InstanceKit.Generation;

/// <summary>Stands for the container of certain images with a process of this machine.</summary>
public abstract class EmbeddedProvider
{
    /// <summary>The images, without registry and tag.</summary>
    public abstract IReadOnlyList<string> Images { get; }

    /// <summary>What it can be run with, the best one first.</summary>
    public abstract IReadOnlyList<EmbeddedTool> Tools { get; }

    /// <summary>What a person must have for it, when none of them is to be had: "Docker or 'temporal'".</summary>
    public string Needs => $"Docker or {string.Join(" or ", Tools.Where(t => !t.IsFetched).Select(t => $"'{t.Name}'"))}";

    /// <summary>Why this service of these images can't be stood for; <see langword="null"/> when it can.</summary>
    /// <param name="service">The service.</param>
    public abstract string? Refuse(EmbeddedService service);

    /// <summary>How it is run.</summary>
    /// <param name="service">A service that is not refused.</param>
    /// <param name="tool">One of <see cref="Tools"/>.</param>
    public abstract EmbeddedProcess Run(EmbeddedService service, FoundTool tool);
}
