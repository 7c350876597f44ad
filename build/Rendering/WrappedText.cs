namespace Rendering;

/// <summary>Parts text into lines between words; a word that is too long for a line has one of its own, whole.</summary>
internal static class WrappedText
{
    /// <summary>The lines.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">How many columns a line may have.</param>
    public static IReadOnlyList<string> Of(string text, int width)
    {
        var lines = new List<string>();
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        lines.Add(line);
        return lines;
    }
}
