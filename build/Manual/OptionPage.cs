namespace Manual;

/// <summary>What the manual says of an option beside its description, which stands at the parameter.</summary>
/// <param name="Name">The parameter's name, such as <c>DryRun</c>.</param>
/// <param name="Value">What stands behind it: "PATH"; empty for a switch.</param>
internal sealed record OptionPage(string Name, string Value = "")
{
    /// <summary>Its short form, a letter: docker's or kubectl's for the same thing.</summary>
    public char? Short { get; init; }

    /// <summary>The option as people type it: <c>--dry-run</c>.</summary>
    public string Option { get; } = "--" + DashedName.Of(Name);

    /// <summary>Whether no value stands behind it.</summary>
    public bool IsSwitch => Value.Length == 0;

    /// <summary>The values that there are, where these are few.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What its value is.</summary>
    public ValueKind Kind { get; init; }

    /// <summary>What separates its values, where it takes several.</summary>
    public char? Separator { get; init; }

    /// <summary>Its value with a blank in front, or nothing.</summary>
    public string Placeholder => IsSwitch ? "" : $" {Value}";

    /// <summary>Its long and its short form.</summary>
    public string Spelling => Short is { } letter ? $"{Option}, -{letter}" : Option;

    /// <summary>What it does.</summary>
    /// <param name="description">The parameter's own sentence; may be empty, or lack its full stop.</param>
    public string Describe(string description) =>
        description.Length == 0 ? $"{string.Join(" or ", Choices)}." : description.EndsWith('.') ? description : $"{description}.";
}
