using System.Text.RegularExpressions;

namespace InstanceKit.Addresses;

/// <summary>Finds what source files do to things that all instances of a machine share: the engine, and cookies of localhost.</summary>
internal static partial class SharedScanner
{
    private const int Longest = 300;
    private const string OfCookies = "ookie";
    private static readonly string[] OfEngine = ["docker", "podman", "getContainer(", "getVolume(", "getNetwork("];

    /// <summary>Texts of which every file with a finding contains one.</summary>
    public static IReadOnlyList<string> Needles { get; } = [.. OfEngine, OfCookies];

    /// <summary>The commands to the engine, and the first place where the file sets a cookie.</summary>
    public static IEnumerable<SourceFinding> Find(SourceText source)
    {
        var text = source.Text;
        IEnumerable<Match> commands = OfEngine.Any(n => text.Contains(n, StringComparison.Ordinal)) ? Command().Matches(text) : [];
        foreach (var match in commands)
        {
            var token = source.TokenAt(match.Index);
            if (token is { IsComment: true } || SourceScanner.IsMessage(source, match.Index))
                continue;
            var line = text.AsSpan(match.Index, Math.Min(Longest, text.Length - match.Index));
            if (line.IndexOf('\n') is >= 0 and var lineEnd)
                line = line[..lineEnd];
            // A list of words goes on after the string of its first one.
            if (token is { } own && own.End >= match.Index + match.Length && line.IndexOf(own.Quote) is >= 0 and var quote)
                line = line[..quote];
            yield return new SourceFinding(source.LineOf(match.Index), Punctuation().Replace(line.ToString(), " ").Trim(), SourceUse.Engine, [], IsForEmpty: false);
        }

        if (text.Contains(OfCookies, StringComparison.Ordinal) && Cookie().Matches(text).FirstOrDefault(m => source.TokenAt(m.Index) is not { IsComment: true }) is { } cookie)
            yield return new SourceFinding(source.LineOf(cookie.Index), cookie.Value, SourceUse.Cookie, [], IsForEmpty: false);
    }

    /// <summary>What a command names that is not one instance's alone; <see langword="null"/> if it can't be told, or nothing.</summary>
    /// <returns>The name or filter, and why it ties instances.</returns>
    public static (string What, string Reason)? TieOf(string command)
    {
        if (Fixed().Match(command) is { Success: true } name)
            return (name.Groups["name"].Value, "every instance would use this name in the engine");
        if (command.Contains("prune", StringComparison.Ordinal) && !command.Contains("filter", StringComparison.Ordinal))
            return ("prune", "it also removes what stopped instances have");
        var filters = Filter().Matches(command);
        return filters.Count > 0 && filters.All(f => f.Groups["value"].Length > 0)
            ? (filters[0].Groups["value"].Value, "the engine lists what every instance has by this name or label") : null;
    }

    /// <summary>The words of a command that may be names: not an image that is run, built or pulled.</summary>
    public static string NamesIn(string command) =>
        OfImage().IsMatch(command) ? string.Join(' ', NamingOption().Matches(command).Select(m => m.Value)) : command;

    [GeneratedRegex(
        """(?<![\w./-])(?:docker|podman)["']?[\s,\["']+(?:(?:container|network|volume|system|image|builder)[\s,"']+)?(?:rm|stop|kill|start|restart|exec|logs|cp|inspect|wait|pause|unpause|ps|ls|run|create|prune|connect|disconnect|port|attach|stats|top)\b|\bget(?:Container|Volume|Network)\(""",
        RegexOptions.CultureInvariant)]
    private static partial Regex Command();

    [GeneratedRegex(@"\b(?:res|reply|response|ctx|c)\.(?:set)?[cC]ookie\(|\b(?:[sS]et_?|add)[cC]ookie\(|\bcookies(?:\(\))?\.set\(|['""](?:[sS]et-[cC]ookie|express-session|cookie-session|iron-session)['""]")]
    private static partial Regex Cookie();

    [GeneratedRegex("""["'`,\[\]()\\\s]+""")]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"\s--name[= ]+(?<name>(?>[A-Za-z0-9][\w.-]*))(?![${]|\s*\+)")]
    private static partial Regex Fixed();

    [GeneratedRegex(@"(?:--filter|-f)[= ]+(?:name|label|ancestor|network|volume)=\^?/?(?:(?<value>(?>[A-Za-z0-9][\w./=-]*))(?![%{]|\$[\w{(]|\s*\+))?")]
    private static partial Regex Filter();

    [GeneratedRegex(@"\A\w+ (?:container )?(?:run|create)\b")]
    private static partial Regex OfImage();

    [GeneratedRegex(@"--(?:name|net|network|network-alias|volumes-from|link)[= ]+\S+|(?:-v|--volume|--mount)[= ]+\S+")]
    private static partial Regex NamingOption();
}
