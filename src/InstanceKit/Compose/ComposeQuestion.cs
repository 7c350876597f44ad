using System.Text.RegularExpressions;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Platform;

namespace InstanceKit.Compose;

/// <summary>The question for an instance's model, as it is put to Compose.</summary>
/// <param name="Process">What would be run.</param>
/// <param name="ComposeFiles">The absolute paths of the compose files.</param>
/// <param name="EnvFiles">The absolute paths of the env files.</param>
/// <param name="ProjectDirectory">The absolute path of the project directory.</param>
internal sealed record ComposeQuestion(
    ProcessSpec Process, IReadOnlyList<string> ComposeFiles, IReadOnlyList<string> EnvFiles, string ProjectDirectory)
{
    /// <summary>The whole environment that Compose would run in.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; } = Effective(Process.Environment);

    private static Dictionary<string, string> Effective(IReadOnlyDictionary<string, string?> changes)
    {
        var names = OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        var result = new Dictionary<string, string>(names);
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
            result[(string)variable.Key] = (string?)variable.Value ?? "";
        foreach (var (name, value) in changes)
        {
            if (value is null)
                result.Remove(name);
            else
                result[name] = value;
        }

        return result;
    }
}

/// <summary>Answers the question for a model on a machine that has no Compose.</summary>
internal static class ComposeStandIn
{
    /// <summary>Reads the model of the compose files as <see cref="ComposeClient.ReadModelAsync"/> would; nothing is run.</summary>
    /// <param name="question">The question that would be put to Compose.</param>
    /// <returns>The model as Compose would print it, for <see cref="ComposeModelReader"/>.</returns>
    /// <exception cref="InstanceKitException">A file is wrong or can't be read, or only Compose understands it.</exception>
    public static string ReadModel(ComposeQuestion question, InstanceSpec spec) => ComposeDocument.Read(new ComposeSource(
        spec.Project, question.ProjectDirectory, question.ComposeFiles, question.EnvFiles, spec.Stack.ComposeProfiles,
        question.Environment, path => WorkspaceTextReader.ReadYaml(path, spec.Paths.Relative(path)))
    {
        Root = spec.Workspace,
    });
}

/// <summary>Compose's warnings, which it writes as <c>time="…" level=warning msg="…"</c>, rewritten to say what to do.</summary>
internal static partial class ComposeMessage
{
    /// <summary>A warning in one line; <see langword="null"/> for a line that is none.</summary>
    public static string? FindWarning(string line)
    {
        if (Form().Match(line) is not { Success: true } match)
            return null;
        var text = Quoted().Replace(match.Groups["text"].Value, "$1").Trim();
        if (Unset().Match(text) is { Success: true } unset)
            return $"The variable {unset.Groups["name"].Value} is not set, so it is empty in the compose files. Set it in the workspace's .env, or give it a default: ${{{unset.Groups["name"].Value}:-VALUE}}.";
        if (Obsolete().Match(text) is { Success: true } obsolete)
            return $"{obsolete.Groups["file"].Value}: the key '{obsolete.Groups["key"].Value}' is obsolete and has no effect. Remove it.";
        if (Orphans().Match(text) is { Success: true } orphans)
            return $"Containers of services that are no longer in the compose files: {orphans.Groups["names"].Value.Replace(' ', ',').Replace(",", ", ", StringComparison.Ordinal)}. Down removes them.";
        return text;
    }

    /// <summary>Compose's output: the reason first, then each warning once and on one line.</summary>
    public static string ReasonFirst(string output)
    {
        var lines = output.Split('\n').Select(l => l.TrimEnd()).Where(l => l.Length > 0).ToList();
        return string.Join('\n', lines.Where(l => FindWarning(l) is null)
            .Concat(lines.Select(FindWarning).OfType<string>().Distinct().Select(w => $"warning: {w}")));
    }

    [GeneratedRegex("""^(?:time="[^"]*"\s+)?level=warning\s+msg=(?:"(?<text>(?:[^"\\]|\\.)*)"|(?<text>\S+))""")]
    private static partial Regex Form();

    [GeneratedRegex("""\\(["\\])""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""^The "(?<name>[^"]+)" variable is not set""")]
    private static partial Regex Unset();

    [GeneratedRegex("""^(?<file>.+?): (?:the attribute )?`(?<key>[^`]+)` is obsolete""")]
    private static partial Regex Obsolete();

    [GeneratedRegex("""^Found orphan containers \(\[(?<names>[^\]]*)\]\)""")]
    private static partial Regex Orphans();
}

/// <summary>A key that the installed Compose refuses: a mistake in the file, or newer than that Compose.</summary>
/// <param name="Place">Where it is: <c>services.llm</c>.</param>
/// <param name="Name">The key.</param>
internal sealed partial record UnknownKey(string Place, string Name)
{
    /// <summary>The first release of Compose that supports a key, from its documentation.</summary>
    private static readonly Dictionary<string, string> Since = new(StringComparer.Ordinal)
    {
        ["additional_contexts"] = "2.17.0", ["dockerfile_inline"] = "2.17.0", ["include"] = "2.20.0", ["attach"] = "2.20.0",
        ["develop"] = "2.22.0", ["content"] = "2.23.1", ["entitlements"] = "2.27.1", ["gpus"] = "2.30.0", ["post_start"] = "2.30.0",
        ["pre_stop"] = "2.30.0", ["label_file"] = "2.32.2", ["gw_priority"] = "2.33.1", ["provider"] = "2.36.0",
        ["interface_name"] = "2.36.0", ["models"] = "2.38.0",
    };

    /// <summary>The key that Compose's output names, if that is the reason.</summary>
    public static UnknownKey? Find(string output) =>
        Form().Match(output) is { Success: true } match ? new UnknownKey(match.Groups["place"].Value, match.Groups["key"].Value) : null;

    /// <summary>The failure, with what to do.</summary>
    /// <param name="message">What failed.</param>
    /// <param name="installed">The version of Compose.</param>
    public InstanceKitException ToFailure(string message, Version installed)
    {
        var place = Place == "(root)" ? "" : $" in {Place}";
        return Since.TryGetValue(Name, out var since) && installed < Version.Parse(since)
            ? new InstanceKitException(
                ExitCode.Prerequisite, $"{message}\nThe installed Compose {installed} is too old for the file: the key '{Name}'{place} requires Compose {since} or later.",
                "Update Compose, then retry: https://docs.docker.com/compose/install/. Nothing was written.")
            : InstanceKitException.Usage(
                $"{message}\nThe installed Compose {installed} does not know the key '{Name}'{place}.",
                "Correct the key if it is misspelled; update Compose if a later release supports it. Nothing was written.");
    }

    [GeneratedRegex("""(?<place>\S+) additional propert(?:y|ies) '?(?<key>[\w.-]+)'?[^\n]* not allowed""", RegexOptions.IgnoreCase)]
    private static partial Regex Form();
}
