using InstanceKit.Instances;

namespace InstanceKit;

/// <summary>Formats a command to recommend, with the options for the same workspace and stack.</summary>
/// <param name="Launcher">The launcher of the build on this platform: <c>./build.sh</c>.</param>
/// <param name="Options">The options to repeat, each with a leading blank.</param>
public sealed record NextCommand(string Launcher, string Options)
{
    /// <summary>The default launcher, without options.</summary>
    public static NextCommand Default { get; } = new("./build.sh", "");

    /// <summary>What <c>--instance</c> is followed by whatever the number: <c>shared</c>; <see langword="null"/> for the number.</summary>
    public string? Instance { get; init; }

    /// <summary>The commands for the infrastructure that instances share.</summary>
    public NextCommand ForShared() => this with { Instance = InstanceSelector.SharedWord };

    /// <summary>The command for one instance.</summary>
    /// <param name="more">More words of the command; may be empty.</param>
    public string For(string verb, int instance, string more = "") => For(verb, $"{instance}", more);

    /// <summary>The command for some instances.</summary>
    public string For(string verb, string instances, string more = "") =>
        $"{Launcher} {verb} --instance {Instance ?? instances}{(more.Length > 0 ? " " : "")}{more}{Options}";

    /// <summary>How many places address the stack although no rule covers them, and the command that lists them: a sentence.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="more">"more " where some were named; otherwise empty.</param>
    public string ForUntranslated(int count, int instance, string more = "") =>
        $"{count} {more}{(count == 1 ? "place addresses" : "places address")} the stack and {(count == 1 ? "is" : "are")} not translated. List them: {For("Audit", instance)}";

    /// <summary>A command for the whole machine, or for a workspace that it names.</summary>
    public string OfMachine(string words) => $"{Launcher} {words}";

    /// <summary>A word, quoted for the shell if needed.</summary>
    internal static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "/\\.:_-".Contains(c, StringComparison.Ordinal)) ? word : $"'{word}'";
}
