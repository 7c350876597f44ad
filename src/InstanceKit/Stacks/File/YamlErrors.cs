using YamlDotNet.Core;

namespace InstanceKit.Stacks;

/// <summary>Collects all errors of a YAML file, each with its line and column, so that all of them can be fixed at once.</summary>
internal sealed class YamlErrors(string file)
{
    private const int Most = 50;

    private readonly List<(Mark Mark, string Message)> _errors = [];

    /// <summary>Adds an error at a place of the file.</summary>
    public void Add(Mark mark, string message) => _errors.Add((mark, message));

    /// <summary>Ends with all errors in the order of the file, if there is one.</summary>
    /// <exception cref="InstanceKitException">There is at least one.</exception>
    public void ThrowIfAny()
    {
        if (_errors.Count == 0)
            return;
        var lines = _errors.OrderBy(e => e.Mark.Line).ThenBy(e => e.Mark.Column).Take(Most)
            .Select(e => $"{file}({e.Mark.Line},{e.Mark.Column}): {e.Message}");
        if (_errors.Count > Most)
            lines = lines.Append($"{file}: and {_errors.Count - Most} more errors");
        throw InstanceKitException.Usage(
            string.Join('\n', lines), "docs/stack-file.md describes every key.");
    }
}
