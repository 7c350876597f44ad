using System.Text.RegularExpressions;

namespace InstanceKit.Stacks;

/// <summary>
/// Expands <c>{instance}</c>, <c>{stack}</c>, <c>{project}</c> and <c>{port:NAME}</c> in a value of the stack.
/// </summary>
public static partial class InstanceTemplate
{
    /// <summary>Expands one template.</summary>
    /// <param name="template">The text; unknown placeholders are a defect of the stack.</param>
    /// <param name="instance">The instance's number.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="project">The instance's Compose project.</param>
    /// <param name="portOf">The instance's port by its name.</param>
    /// <exception cref="ArgumentException">A placeholder is not known.</exception>
    public static string Expand(
        string template, int instance, string stack, string project, Func<string, int> portOf) =>
        Placeholder().Replace(template, m => m.Groups["name"].Value switch
        {
            "instance" => instance.ToString(),
            "stack" => stack,
            "project" => project,
            "port" => portOf(m.Groups["argument"].Value).ToString(),
            var name => throw new ArgumentException($"'{{{name}}}' is no placeholder of a stack value.", nameof(template)),
        });

    /// <summary>The names of the ports that a template refers to.</summary>
    public static IEnumerable<string> PortsIn(string template) =>
        Placeholder().Matches(template).Where(m => m.Groups["argument"].Success).Select(m => m.Groups["argument"].Value);

    /// <summary>The first placeholder that is not known, as it is written; <see langword="null"/> when all are.</summary>
    public static string? FindUnknown(string template) => Placeholder().Matches(template).FirstOrDefault(m =>
        (m.Groups["name"].Value, m.Groups["argument"].Success) is not (("instance" or "stack" or "project", false) or ("port", true)))
        ?.Value;

    [GeneratedRegex(@"\{(?<name>[a-z]+)(?::(?<argument>[A-Z0-9_]+))?\}")]
    private static partial Regex Placeholder();
}
