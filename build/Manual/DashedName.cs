using System.Text;

namespace Manual;

/// <summary>The name of a parameter as people type it: <c>dry-run</c> for <c>DryRun</c>.</summary>
internal static class DashedName
{
    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (char.IsUpper(character) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }
}
