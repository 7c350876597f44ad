using System.ComponentModel;
using Nuke.Common.IO;
using Nuke.Common.ProjectModel;

namespace Nuke.Common.Execution;

/// <summary>Words to values, strictly: what cannot be read is an error and never the default.</summary>
internal static class ValueConverter
{
    /// <param name="words">The words that were given.</param>
    /// <param name="type">The type of the parameter.</param>
    /// <param name="basis">The folder that relative paths start from.</param>
    /// <param name="emptyMeansTrue">Whether a switch without a value is true.</param>
    /// <exception cref="FormatException">The words do not make such a value; the message completes "… 'words' ".</exception>
    public static object Convert(IReadOnlyList<string> words, Type type, string basis, bool emptyMeansTrue)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsArray)
        {
            var items = Array.CreateInstance(type.GetElementType()!, words.Count);
            for (var i = 0; i < words.Count; i++)
                items.SetValue(Convert(words[i], type.GetElementType()!, basis), i);
            return items;
        }

        if (type == typeof(bool) && words.Count == 0 && emptyMeansTrue)
            return true;
        if (words.Count != 1)
            throw new FormatException(words.Count == 0 ? "has no value" : "has more than one value");
        return Convert(words[0], type, basis);
    }

    private static object Convert(string word, Type type, string basis)
    {
        if (type == typeof(string))
            return word;
        if (type == typeof(bool))
            return bool.TryParse(word, out var flag) ? flag : throw new FormatException("is not a Boolean");
        if (type == typeof(AbsolutePath))
            return (AbsolutePath)Path.GetFullPath(word, basis)!;
        if (type == typeof(Solution))
            return Solution.Read((AbsolutePath)Path.GetFullPath(word, basis)!);
        if (type.IsEnum)
            return Enum.TryParse(type, word, ignoreCase: true, out var value) && Enum.IsDefined(type, value)
                ? value
                : throw new FormatException($"is not one of {string.Join(", ", Enum.GetNames(type))}");
        return ConvertByComponentModel(word, type);
    }

    // Apart, because the library behind it is loaded only where it is called.
    private static object ConvertByComponentModel(string word, Type type)
    {
        try
        {
            return TypeDescriptor.GetConverter(type).ConvertFromInvariantString(word)
                   ?? throw new FormatException($"is not a {type.Name}");
        }
        catch (Exception e) when (e is not FormatException)
        {
            throw new FormatException(e is NotSupportedException ? $"cannot become a {type.Name}" : $"is not a {type.Name}", e);
        }
    }
}
