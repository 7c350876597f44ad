using System.Reflection;
using Nuke.Common.Execution;

namespace Hosting;

/// <summary>The answer to <c>--help</c>.</summary>
internal static class HelpText
{
    private const int Width = 100;

    public static IEnumerable<string> Lines(IReadOnlyCollection<ExecutableTarget> targets, ParameterCatalog catalog)
    {
        var listed = targets.Where(target => target.Listed).ToList();
        var options = catalog.Entries.Where(entry => entry.IsListed).ToList();
        var column = Math.Max(listed.Max(target => Label(target).Length), options.Max(entry => Label(entry).Length)) + 4;

        yield return $"Usage: {(OperatingSystem.IsWindows() ? "build.cmd" : "./build.sh")} [TARGET ...] [--OPTION VALUE ...]";
        yield return "";
        yield return "Targets:";
        foreach (var line in listed.SelectMany(target => Entry(Label(target), About(target), column)))
            yield return line;
        yield return "";
        yield return "Options:";
        foreach (var line in options.Where(entry => !entry.IsOfEngine).SelectMany(entry => Entry(Label(entry), About(entry), column)))
            yield return line;
        yield return "";
        var defaults = string.Join(", ", targets.Where(target => target.IsDefault).Select(target => target.Name));
        foreach (var entry in options.Where(entry => entry.IsOfEngine))
        {
            foreach (var line in Entry(Label(entry), entry.Description.Replace("{default_target}", defaults, StringComparison.Ordinal), column))
                yield return line;
        }

        yield return "";
        yield return $"An option can also be set as a variable, NUKE_ before its name, or in .nuke/parameters.json. Engine: {Engine}.";
    }

    private static string Engine =>
        Assembly.GetEntryAssembly()!.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(attribute => attribute.Key == "BuildEngine")?.Value ?? "unknown";

    private static string Label(ExecutableTarget target) => target.Name + (target.IsDefault ? " (default)" : "");

    private static string Label(ParameterEntry entry) =>
        entry.Option + (entry.IsSwitch ? "" : entry.NamesTargets ? " A+B" : entry.IsList ? " A,B" : " " + Placeholder(entry));

    private static string Placeholder(ParameterEntry entry) => entry.Type.Name == "AbsolutePath" ? "PATH" : "VALUE";

    private static string About(ExecutableTarget target)
    {
        var needs = string.Join(", ", target.ExecutionDependencies.Select(other => other.Name));
        var about = target.Description is { Length: > 0 } text ? text : "";
        return needs.Length == 0 ? about : $"{about}{(about.Length > 0 ? " " : "")}(after {needs})";
    }

    private static string About(ParameterEntry entry) =>
        entry.Description.Length > 0 || ParameterValue.Choices(entry.Type) is not { } choices
            ? entry.Description
            : $"{string.Join(" or ", choices)}.";

    private static IEnumerable<string> Entry(string label, string text, int column)
    {
        var line = $"  {label}".PadRight(column);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > column && line.Length + word.Length >= Width)
            {
                yield return line.TrimEnd();
                line = new string(' ', column);
            }

            line += word + " ";
        }

        yield return line.TrimEnd();
    }
}
