using System.Collections;
using System.Text;

namespace Cli.Hosting;

/// <summary>
/// Takes variables out of the environment that only happen to be named like a parameter, such as HOST or WORKSPACE:
/// the engine would bind them. Those with the prefix NUKE_ are intended for it and stay.
/// </summary>
internal static class AmbientVariables
{
    private const string Prefix = "NUKE_";

    private static readonly Dictionary<string, string?> s_removed = [];

    /// <summary>Hides every variable that has the name of a parameter, compared as the engine compares.</summary>
    public static void Hide(IEnumerable<string> parameterNames)
    {
        var names = parameterNames.ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var key = (string)variable.Key;
            if (names.Contains(Plain(key)))
                Replace(key, null);
        }
    }

    /// <summary>Sets a variable for the engine alone; <see cref="Restore"/> puts its old value back.</summary>
    public static void Replace(string name, string? value)
    {
        s_removed.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>Passes the value of a parameter to the engine, instead of any variable; <see cref="Restore()"/> reverts it.</summary>
    public static void Supply(string parameter, string value)
    {
        var name = Prefix + parameter;
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var key = (string)variable.Key;
            if (key != name && Plain(key).Equals(Plain(name), StringComparison.OrdinalIgnoreCase))
                Replace(key, null);
        }

        Replace(name, value);
    }

    /// <summary>Restores what was hidden, for the programs that a target starts: a compose file may use ${HOST}.</summary>
    public static void Restore()
    {
        foreach (var name in s_removed.Keys.ToList())
            Restore(name);
    }

    /// <summary>Restores one variable after the engine has read its replacement.</summary>
    public static void Restore(string name)
    {
        if (s_removed.Remove(name, out var value))
            Environment.SetEnvironmentVariable(name, value);
    }

    /// <summary>A name as the engine compares it: letters and digits only.</summary>
    public static string Plain(string name)
    {
        var plain = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            if (char.IsLetterOrDigit(character))
                plain.Append(character);
        }

        return plain.ToString();
    }
}
