using System.Text.Json;
using InstanceKit;
using InstanceKit.Instances;
using InstanceKit.Models;
using Cli.Manual;

namespace Cli;

/// <summary>The instances, services and apps of a workspace, from the files of its instances; runs no other program.</summary>
internal sealed class InstanceValues(RequestContext context)
{
    private const string FolderPrefix = "instance-";
    private const string EnvSuffix = ".env";

    // Targets that can create an instance.
    private static readonly string[] Beginners = ["Up", "InitInstance"];

    /// <summary>The values of an option; none where the workspace can't be read.</summary>
    public IEnumerable<Candidate> Find(OptionPage option, CompletionLine line)
    {
        try
        {
            return option.Kind switch
            {
                ValueKind.Instances => [.. Instances(WorkspaceOf(line), line)],
                ValueKind.Parts => [.. Parts(WorkspaceOf(line), line)],
                _ => [],
            };
        }
        catch (Exception e) when (e is InstanceKitException or IOException or UnauthorizedAccessException or JsonException)
        {
            // Completion must not fail; the command itself will report the error.
            return [];
        }
    }

    private static IEnumerable<Candidate> Instances(string workspace, CompletionLine line)
    {
        var numbers = NumbersOf(workspace);
        foreach (var number in numbers)
            yield return new Candidate($"{number}", "exists");
        var mayBegin = line.Targets.Any(page => Beginners.Contains(page.Name));
        if (mayBegin)
            yield return new Candidate($"{Enumerable.Range(0, numbers.Count + 1).First(n => !numbers.Contains(n))}", "new");
        yield return new Candidate("all", "all instances") { IsItem = false };
        yield return new Candidate("auto", mayBegin ? "the checkout's instance, else the lowest free number" : "the checkout's instance") { IsItem = false };
    }

    private static IEnumerable<Candidate> Parts(string workspace, CompletionLine line)
    {
        var parts = new SortedDictionary<string, Candidate>(StringComparer.Ordinal);
        foreach (var number in Selected(line, NumbersOf(workspace)))
            Read(new InstancePaths(workspace, number).Record, parts);
        return parts.Values;
    }

    private static IReadOnlyList<int> Selected(CompletionLine line, IReadOnlyList<int> existing) =>
        line.ValueOf(OptionName.Instance) is { } word && InstanceSelector.Parse(word, "") is { Numbers: { Count: > 0 } numbers }
            ? numbers
            : existing;

    private static void Read(string record, SortedDictionary<string, Candidate> parts)
    {
        if (!File.Exists(record))
            return;
        using var document = JsonDocument.Parse(File.ReadAllBytes(record));
        foreach (var service in document.RootElement.GetProperty("services").EnumerateArray().Select(one => one.GetString()!))
            parts[service] = new Candidate(service, "service");
        foreach (var file in document.RootElement.GetProperty("files").EnumerateObject().Select(one => one.Name))
        {
            // Each app has an env file of its name.
            if (file.EndsWith(EnvSuffix, StringComparison.Ordinal))
                parts[file[..^EnvSuffix.Length]] = new Candidate(file[..^EnvSuffix.Length], "app");
        }
    }

    private static List<int> NumbersOf(string workspace)
    {
        var root = Path.Combine(workspace, InstancePaths.RootName);
        if (!Directory.Exists(root))
            return [];
        var numbers = Directory.EnumerateDirectories(root, FolderPrefix + "*")
            .Select(folder => int.TryParse(Path.GetFileName(folder).AsSpan(FolderPrefix.Length), out var number) ? number : -1)
            .Where(number => number >= 0).ToList();
        numbers.Sort();
        return numbers;
    }

    private string WorkspaceOf(CompletionLine line)
    {
        var word = line.ValueOf(OptionName.Workspace) ?? context.Variable("NUKE_WORKSPACE");
        return WorkspaceLocator.Locate(word is ['~', '/', ..] ? context.Variable("HOME") + word[1..] : word, context);
    }
}
