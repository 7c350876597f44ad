namespace Requests;

/// <summary>Spells a command that a person may give next, with the options that make it mean the same workspace and stack.</summary>
/// <param name="Launcher">How the build is called: <c>./build.sh</c>.</param>
/// <param name="Options">The options to repeat, each with a leading blank.</param>
internal sealed record NextCommand(string Launcher, string Options)
{
    /// <summary>Takes over what the present command was given.</summary>
    public static NextCommand For(RequestWords words, string launcher) => new(
        launcher,
        (words.Workspace is { } workspace ? $" --workspace {Quote(workspace)}" : "")
        + (words.StackName is { } name ? $" --stack-name {name}" : ""));

    /// <summary>The command for one instance.</summary>
    public string For(string verb, int instance) => For(verb, instance.ToString());

    /// <summary>The command for some instances.</summary>
    public string For(string verb, string instances) => $"{Launcher} {verb} --instance {instances}{Options}";

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsLetterOrDigit(c) || "/\\.:_-".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word}'";
}
