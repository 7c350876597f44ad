using System.Text.RegularExpressions;
using InstanceKit.Generation;

namespace Samples;

/// <summary>The variables of an env file that select images.</summary>
internal static class ImageVariables
{
    private const string Header = "# Images of this workspace. Those of shipsec-build.local are made by LocalImages.\n";

    /// <summary>Those of some variables that compose files have in their text, in the given order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Used(
        IReadOnlyList<KeyValuePair<string, string>> variables, IReadOnlyList<string> composeFiles) =>
        [.. variables.Where(v => composeFiles.Any(text => Regex.IsMatch(text, @"\$(?:\{" + v.Key + @"\b|" + v.Key + @"\b)")))];

    /// <summary>Gives variables their values in an env file; everything else stays as it is.</summary>
    /// <param name="text">The env file; empty for none.</param>
    /// <param name="variables">Names and values.</param>
    /// <returns>The new text, and the other values that variables had before.</returns>
    public static (string Text, IReadOnlyList<KeyValuePair<string, string>> Replaced) Set(
        string text, IReadOnlyList<KeyValuePair<string, string>> variables)
    {
        var before = DotEnvDocument.Parse(text.Length == 0 ? Header : text);
        var after = variables.Aggregate(before, (document, v) => document.With(v.Key, v.Value));
        return (after.ToString(),
            [.. variables.Select(v => KeyValuePair.Create(v.Key, before[v.Key] ?? "")).Where(v => v.Value.Length > 0 && after[v.Key] != v.Value)]);
    }
}
