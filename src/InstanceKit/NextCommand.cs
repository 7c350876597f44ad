namespace InstanceKit;

/// <summary>Spells a command that a person may give next, with the options that make it mean the same workspace and stack.</summary>
/// <param name="Launcher">How the build is called on this platform: <c>./build.sh</c>.</param>
/// <param name="Options">The options to repeat, each with a leading blank.</param>
public sealed record NextCommand(string Launcher, string Options)
{
    /// <summary>Where nobody says how the build is called.</summary>
    public static NextCommand Default { get; } = new("./build.sh", "");

    /// <summary>The command for one instance.</summary>
    /// <param name="verb">The target.</param>
    /// <param name="instance">The instance's number.</param>
    /// <param name="more">More words of the command; may be empty.</param>
    public string For(string verb, int instance, string more = "") =>
        For(verb, $"{instance}{(more.Length > 0 ? " " : "")}{more}");

    /// <summary>The command for some instances.</summary>
    public string For(string verb, string instances) => $"{Launcher} {verb} --instance {instances}{Options}";

    /// <summary>A command of the whole machine, or of a workspace that is named in it.</summary>
    public string OfMachine(string words) => $"{Launcher} {words}";

    /// <summary>A word as the shell must have it.</summary>
    internal static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "/\\.:_-".Contains(c, StringComparison.Ordinal)) ? word : $"'{word}'";
}
