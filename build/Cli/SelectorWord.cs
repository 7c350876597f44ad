using InstanceKit;
using InstanceKit.Instances;

namespace Cli;

/// <summary>The selected instances, and the source of the selection.</summary>
/// <param name="Selector">The instances.</param>
/// <param name="Origin">Where it was written: "--instance"; <see langword="null"/> for nowhere.</param>
internal sealed record SelectorWord(InstanceSelector Selector, string? Origin)
{
    /// <summary>The option, which takes precedence.</summary>
    public const string Option = "--instance";

    /// <summary>The variable, which comes next.</summary>
    public const string VariableName = "SHIPSEC_INSTANCE";

    /// <summary>Finds the selector: the command line, then the environment, then the workspace's own file, then 0.</summary>
    /// <param name="word">What was written after <c>--instance</c>; <see langword="null"/> for nothing.</param>
    /// <param name="workspace">The workspace's absolute path.</param>
    /// <param name="variable">The value of an environment variable, or <see langword="null"/>.</param>
    /// <exception cref="InstanceKitException">The first one found is not a valid selector; the error names it.</exception>
    public static SelectorWord Find(string? word, string workspace, Func<string, string?> variable)
    {
        if (word is not null)
            return Read(word, Option);
        if (variable(VariableName) is { Length: > 0 } ambient)
            return Read(ambient, VariableName);
        return ReadActive(workspace) is { } active
            ? Read(active, InstancePaths.ActiveInstanceName) is { Selector.IsAuto: false } read
                ? read
                : throw InstanceKitException.Usage(
                    $"{InstancePaths.ActiveInstanceName} '{active}' in {workspace} is not a valid instance.",
                    $"Write a number into it, or remove it and pass {Option} auto.")
            : new SelectorWord(InstanceSelector.Of(0), null);
    }

    private static SelectorWord Read(string text, string origin) => new(InstanceSelector.Parse(text, origin), origin);

    private static string? ReadActive(string workspace)
    {
        try
        {
            return InstanceManager.ReadActiveInstance(workspace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InstanceKitException(
                ExitCode.Usage, $"{InstancePaths.ActiveInstanceName} in {workspace} can't be read: {e.Message}",
                $"Remove it, or pass {Option}.", e);
        }
    }
}
