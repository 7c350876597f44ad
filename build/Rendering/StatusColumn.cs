using InstanceKit.Status;
using Spectre.Console;

namespace Rendering;

/// <summary>One column of the status table.</summary>
/// <param name="Header">Its heading.</param>
/// <param name="Text">What it says of a service or app.</param>
internal sealed record StatusColumn(string Header, Func<ComponentStatus, string> Text)
{
    private readonly Func<ComponentStatus, Style> _style = _ => Spectre.Console.Style.Plain;

    /// <summary>Creates a column whose cells differ in style.</summary>
    public StatusColumn(string header, Func<ComponentStatus, string> text, Func<ComponentStatus, Style> style)
        : this(header, text) => _style = style;

    /// <summary>Whether a long cell may take several lines.</summary>
    public bool MayWrap { get; init; }

    /// <summary>The style of a cell.</summary>
    public Style Style(ComponentStatus component) => _style(component);

    /// <summary>The columns that its widest cell needs.</summary>
    public int WidthIn(IEnumerable<ComponentStatus> components) => components
        .SelectMany(c => Text(c).Split('\n')).Append(Header).Max(t => t.Length);
}
