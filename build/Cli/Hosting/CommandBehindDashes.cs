using System.Collections;
using System.Globalization;
using System.Reflection;
using InstanceKit;
using InstanceKit.Platform;

namespace Cli.Hosting;

/// <summary>
/// The words after <c>--</c>, which are a command for a target to run, not for the build. An engine reads
/// the whole command line of the process: of <c>Exec -- psql --help</c> it would take the <c>--help</c>.
/// So this program is started again without these words, and gets them as variables.
/// </summary>
internal static class CommandBehindDashes
{
    /// <summary>What parts the command from the build's own words.</summary>
    public const string Mark = "--";

    // One variable per word: it can be as long as a command-line argument, and contain the same characters.
    private const string Count = "INSTANCEKIT_COMMAND_WORDS";
    private const string Word = "INSTANCEKIT_COMMAND_WORD_";

    /// <summary>The command; <see langword="null"/> if there is no <c>--</c>.</summary>
    public static IReadOnlyList<string>? Words { get; private set; }

    /// <summary>Starts the program again if the words contain a command.</summary>
    /// <returns>Its exit code; <see langword="null"/> when there is no command, and the program continues.</returns>
    public static int? RunWithout(string[] words)
    {
        var mark = Array.IndexOf(words, Mark);
        if (mark < 0)
            return null;
        var command = words[(mark + 1)..];
        var variables = command.Select((word, i) => KeyValuePair.Create(Word + i.ToString(CultureInfo.InvariantCulture), (string?)word))
            .Append(new(Count, command.Length.ToString(CultureInfo.InvariantCulture)));
        return AttachedProcess.Run(Again(words[..mark]) with { Environment = variables.ToDictionary(StringComparer.Ordinal) });
    }

    /// <summary>This program, with other words.</summary>
    public static ProcessSpec Again(IReadOnlyList<string> words) => new()
    {
        Program = Environment.ProcessPath!,
        Arguments = [.. HostArguments, .. words],
    };

    /// <summary>Takes the command over from the first process, out of the environment of all that is started later.</summary>
    public static void Receive()
    {
        if (!int.TryParse(Take(Count), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return;
        Words = [.. Enumerable.Range(0, count).Select(i => Take(Word + i.ToString(CultureInfo.InvariantCulture)) ?? "")];
    }

    /// <summary>Rejects a command that no called target takes.</summary>
    /// <param name="buildType">The build class.</param>
    /// <param name="called">The called targets; empty for the default one.</param>
    /// <exception cref="InstanceKitException">There is a command, but no target to run it.</exception>
    public static void RequireTaker(Type buildType, IReadOnlyList<string> called)
    {
        if (Words is null)
            return;
        var takers = buildType.GetInterfaces().Append(buildType)
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(property => property.IsDefined(typeof(TakesCommandAttribute))).Select(property => property.Name).Order(StringComparer.Ordinal).ToList();
        if (called.Any(name => takers.Contains(AmbientVariables.Plain(name), StringComparer.OrdinalIgnoreCase)))
            return;
        throw InstanceKitException.Usage(
            $"'{Mark}' precedes a command to run, but {(called.Count == 0 ? "the default target" : string.Join(", ", called))} runs no command; "
            + $"the command is for {string.Join(" or ", takers)}: {takers[0]} ... {Mark} {string.Join(' ', Words.DefaultIfEmpty("COMMAND"))}");
    }

    /// <summary>What precedes the program's arguments if it is not an executable itself: the path of its assembly.</summary>
    private static string[] HostArguments =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.OrdinalIgnoreCase)
            ? [Environment.GetCommandLineArgs()[0]]
            : [];

    private static string? Take(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, null);
        return value;
    }
}

/// <summary>Marks a target that runs the command after <c>--</c>; other targets reject it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TakesCommandAttribute : Attribute;
