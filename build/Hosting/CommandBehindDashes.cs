using System.Collections;
using System.Globalization;
using System.Reflection;
using InstanceKit.Processes;
using InstanceKit;

namespace Hosting;

/// <summary>
/// The words behind <c>--</c>, which are a command for a target to run and none of the build's business. An engine reads
/// the command line of the process itself, wherever it likes: of <c>Exec -- psql --help</c> it would take the <c>--help</c>.
/// So this program is started once more without these words, and gets them as variables.
/// </summary>
internal static class CommandBehindDashes
{
    /// <summary>What parts the command from the build's own words.</summary>
    public const string Mark = "--";

    // One variable a word: it may be as long as a word of a command line, and hold the same characters.
    private const string Count = "INSTANCEKIT_COMMAND_WORDS";
    private const string Word = "INSTANCEKIT_COMMAND_WORD_";

    /// <summary>The command; <see langword="null"/> where there is no <c>--</c>.</summary>
    public static IReadOnlyList<string>? Words { get; private set; }

    /// <summary>Starts the program once more, when the words hold a command.</summary>
    /// <returns>Its exit code; <see langword="null"/> when there is no command, and the program goes on as it is.</returns>
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

    /// <summary>Refuses a command that no called target takes.</summary>
    /// <param name="buildType">The build class.</param>
    /// <param name="called">The called targets; empty for the default one.</param>
    /// <exception cref="InstanceKitException">There is a command, and nobody to run it.</exception>
    public static void RequireTaker(Type buildType, IReadOnlyList<string> called)
    {
        if (Words is null)
            return;
        var takers = buildType.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.IsDefined(typeof(TakesCommandAttribute))).Select(property => property.Name).Order(StringComparer.Ordinal).ToList();
        if (called.Any(name => takers.Contains(AmbientVariables.Plain(name), StringComparer.OrdinalIgnoreCase)))
            return;
        throw InstanceKitException.Usage(
            $"'{Mark}' precedes a command to run, but {(called.Count == 0 ? "the default target" : string.Join(", ", called))} runs no command; "
            + $"the command is for {string.Join(" or ", takers)}: {takers[0]} ... {Mark} {string.Join(' ', Words.DefaultIfEmpty("COMMAND"))}");
    }

    /// <summary>What stands before the program's own words where it is not an executable itself: dotnet's word for it.</summary>
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

/// <summary>Marks a target that runs the command behind <c>--</c>; with any other it is refused.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TakesCommandAttribute : Attribute;
