using System.Text.RegularExpressions;

namespace InstanceKit.Stacks;

/// <summary>A stack's own rules for values that address it.</summary>
/// <param name="Keep">Variables whose values are never changed; <c>*</c> stands for any characters.</param>
/// <param name="Hosts">Further names by which the workspace calls this machine, such as <c>dev.local</c>.</param>
/// <param name="Replacements">Texts replaced wherever addresses are.</param>
public sealed record LiteralRules(
    IReadOnlyList<string> Keep, IReadOnlyList<string> Hosts, IReadOnlyList<LiteralReplacement> Replacements)
{
    /// <summary>No rules.</summary>
    public static LiteralRules None { get; } = new([], [], []);

    /// <summary>Whether a variable's value is never changed.</summary>
    /// <param name="name">The variable's name.</param>
    public bool Keeps(string name) => Keep.Any(k => Regex.IsMatch(
        name, $@"^{Regex.Escape(k).Replace(@"\*", ".*", StringComparison.Ordinal)}\z", RegexOptions.Singleline | RegexOptions.CultureInvariant));
}

/// <summary>A text of the workspace that must differ between instances.</summary>
/// <param name="Find">The text, exactly.</param>
/// <param name="With">A template, see <see cref="InstanceTemplate"/>.</param>
public sealed record LiteralReplacement(string Find, string With);
