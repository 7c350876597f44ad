using InstanceKit.Status;

namespace Rendering;

/// <summary>One column of a table of services and apps.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="Text">What it says of a service or app; several lines where there are several things.</param>
internal sealed record StatusColumn(string Header, Func<ComponentStatus, string> Text)
{
    /// <summary>The ink of a cell.</summary>
    public Func<ComponentStatus, Ink> Ink { get; init; } = _ => Rendering.Ink.Plain;

    /// <summary>Whether it holds numbers, which are read from the right.</summary>
    public bool IsRight { get; init; }

    /// <summary>The columns that its widest cell needs.</summary>
    public int WidthIn(IEnumerable<ComponentStatus> components)
    {
        var width = Header.Length;
        foreach (var component in components)
        {
            foreach (var line in Text(component).Split('\n'))
                width = Math.Max(width, line.Length);
        }

        return width;
    }
}
