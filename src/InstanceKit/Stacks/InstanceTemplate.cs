using System.Text;

namespace InstanceKit.Stacks;

/// <summary>
/// Expands <c>{instance}</c>, <c>{stack}</c>, <c>{project}</c> and <c>{port:NAME}</c> in a value of the stack.
/// </summary>
internal static class InstanceTemplate
{
    /// <summary>Expands one template.</summary>
    /// <param name="template">The text; unknown placeholders are a defect of the stack.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="project">The instance's Compose project.</param>
    /// <param name="portOf">The instance's port by its name.</param>
    /// <exception cref="ArgumentException">A placeholder is not known.</exception>
    public static string Expand(
        string template, int instance, string stack, string project, Func<string, int> portOf)
    {
        var text = new StringBuilder();
        var rest = 0;
        foreach (var placeholder in PlaceholdersIn(template))
        {
            text.Append(template, rest, placeholder.Start - rest).Append(placeholder switch
            {
                { Name: "instance" } => instance.ToString(),
                { Name: "stack" } => stack,
                { Name: "project" } => project,
                { Name: "port" } => portOf(placeholder.Argument ?? "").ToString(),
                _ => throw new ArgumentException($"'{{{placeholder.Name}}}' is not a valid placeholder of a stack value.", nameof(template)),
            });
            rest = placeholder.End;
        }

        return rest == 0 ? template : text.Append(template, rest, template.Length - rest).ToString();
    }

    /// <summary>The names of the ports that a template refers to.</summary>
    public static IEnumerable<string> PortsIn(string template) => PlaceholdersIn(template).Select(p => p.Argument).OfType<string>();

    /// <summary>The first placeholder that is not known, as it is written; <see langword="null"/> when all are.</summary>
    public static string? FindUnknown(string template)
    {
        var unknown = PlaceholdersIn(template).Find(p =>
            (p.Name, p.Argument is not null) is not (("instance" or "stack" or "project", false) or ("port", true)));
        return unknown is null ? null : template[unknown.Start..unknown.End];
    }

    /// <summary>Every <c>{name}</c> and <c>{name:ARGUMENT}</c>; other braces are text.</summary>
    /// <remarks>Not a regular expression: creating those of this library costs a short command 10 ms.</remarks>
    private static List<Placeholder> PlaceholdersIn(string template)
    {
        var found = new List<Placeholder>();
        for (var start = template.IndexOf('{'); start >= 0; start = template.IndexOf('{', start + 1))
        {
            var nameEnd = EndOf(start + 1, char.IsAsciiLetterLower);
            var end = At(nameEnd) == ':' ? EndOf(nameEnd + 1, c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_') : nameEnd;
            if (At(end) != '}' || nameEnd == start + 1 || end == nameEnd + 1)
                continue;
            found.Add(new Placeholder(
                start, end + 1, template[(start + 1)..nameEnd], end == nameEnd ? null : template[(nameEnd + 1)..end]));
        }

        return found;

        char At(int index) => index < template.Length ? template[index] : '\0';

        int EndOf(int index, Func<char, bool> belongs)
        {
            while (index < template.Length && belongs(template[index]))
                index++;
            return index;
        }
    }

    private sealed record Placeholder(int Start, int End, string Name, string? Argument);
}
