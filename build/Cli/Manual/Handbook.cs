using System.Text;
using InstanceKit.Logs;

namespace Cli.Manual;

/// <summary>The description of a build's command line, from which help, shell completion, short forms and docs/cli.md are generated.</summary>
internal sealed record Handbook
{
    /// <summary>The purpose of the build, as one line.</summary>
    public string Purpose { get; init; } = "";

    /// <summary>The targets, in display order.</summary>
    public IReadOnlyList<TargetGroup> Groups { get; init; } = [];

    /// <summary>All options, including those of every target.</summary>
    public IReadOnlyList<OptionPage> Options { get; init; } = [];

    /// <summary>The name of the target that runs by default; may be empty.</summary>
    public string DefaultTarget { get; init; } = "";

    /// <summary>The names of the options that every target accepts.</summary>
    public IReadOnlyList<string> Common { get; init; } = [];

    /// <summary>Paragraphs that apply to many targets, in Markdown.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The meaning of each exit code; each subject is a number.</summary>
    public IReadOnlyList<Note> ExitCodes { get; init; } = [];

    /// <summary>The environment variables that have an effect.</summary>
    public IReadOnlyList<Note> Variables { get; init; } = [];

    /// <summary>The files that are read or written.</summary>
    public IReadOnlyList<Note> Files { get; init; } = [];

    /// <summary>All targets.</summary>
    public IEnumerable<TargetPage> Pages => Groups.SelectMany(group => group.Pages);

    /// <summary>The page of a target, or <see langword="null"/>; dashes and case do not matter.</summary>
    public TargetPage? FindTarget(string word)
    {
        var name = word.Replace("-", "", StringComparison.Ordinal);
        return Pages.FirstOrDefault(page => page.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The page of an option by its parameter's name, or <see langword="null"/>; case does not matter.</summary>
    public OptionPage? FindOption(string name) =>
        Options.FirstOrDefault(page => page.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The page of the option with this short form, or <see langword="null"/>.</summary>
    public OptionPage? FindShort(char letter) => Options.FirstOrDefault(page => page.Short == letter);

    /// <summary>Whether a target uses an option.</summary>
    public bool Takes(TargetPage page, OptionPage option) =>
        page.Options.Contains(option.Name, StringComparer.Ordinal) || Common.Contains(option.Name, StringComparer.Ordinal);

    /// <summary>The targets that use a parameter.</summary>
    public IEnumerable<TargetPage> UsersOf(string option) => Pages.Where(page => page.Options.Contains(option, StringComparer.Ordinal));
}

/// <summary>Targets that are listed together in the manual.</summary>
/// <param name="Title">Their heading: "Run instances".</param>
/// <param name="Pages">The targets, the most used one first.</param>
internal sealed record TargetGroup(string Title, IReadOnlyList<TargetPage> Pages);

/// <summary>The meaning of an exit code, a variable or a file.</summary>
/// <param name="Subject">The code, variable or file.</param>
/// <param name="Meaning">Its meaning, without a full stop.</param>
internal sealed record Note(string Subject, string Meaning);

/// <summary>The manual page of a target.</summary>
/// <param name="Name">Its name: "Up".</param>
/// <param name="Summary">One sentence without a full stop.</param>
internal sealed record TargetPage(string Name, string Summary)
{
    /// <summary>The names of its parameters, other than those of every target.</summary>
    public required IReadOnlyList<string> Options { get; init; }

    /// <summary>What follows its options: "-- COMMAND"; may be empty.</summary>
    public string Rest { get; init; } = "";

    /// <summary>Paragraphs that describe the target in detail, in Markdown.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>Commands to copy.</summary>
    public required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>The exit codes that it can end with.</summary>
    public IReadOnlyList<int> ExitCodes { get; init; } = [0, 1, 2];
}

/// <summary>A command to copy, and its effect.</summary>
/// <param name="Command">The command; <see cref="Launcher"/> stands for the name of the build script.</param>
/// <param name="Effect">One sentence.</param>
internal sealed record Example(string Command, string Effect)
{
    /// <summary>The placeholder for the name of the build script.</summary>
    public const string Launcher = "{build}";

    /// <summary>The command as it is typed.</summary>
    public string For(string launcher) => Command.Replace(Launcher, launcher, StringComparison.Ordinal);
}

/// <summary>The manual page of an option; its description is an attribute of the parameter.</summary>
/// <param name="Name">The parameter's name, such as <c>DryRun</c>.</param>
/// <param name="Value">The placeholder of its value: "PATH"; empty for a switch.</param>
internal sealed record OptionPage(string Name, string Value = "")
{
    /// <summary>Its short form, one letter, as in docker or kubectl.</summary>
    public char? Short { get; init; }

    /// <summary>The option as typed: <c>--dry-run</c>.</summary>
    public string Option { get; } = "--" + DashedName.Of(Name);

    /// <summary>Whether it takes no value.</summary>
    public bool IsSwitch => Value.Length == 0;

    /// <summary>Its possible values, if they are few.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The kind of its value.</summary>
    public ValueKind Kind { get; init; }

    /// <summary>The separator of its values, if it takes several.</summary>
    public char? Separator { get; init; }

    /// <summary>Its value with a leading space, or an empty string.</summary>
    public string Placeholder => IsSwitch ? "" : $" {Value}";

    /// <summary>Its long and its short form.</summary>
    public string Spelling => Short is { } letter ? $"{Option}, -{letter}" : Option;

    /// <summary>What it does.</summary>
    /// <param name="description">The parameter's description; may be empty or without a full stop.</param>
    public string Describe(string description) =>
        description.Length == 0 ? $"{string.Join(" or ", Choices)}." : description.EndsWith('.') ? description : $"{description}.";
}

/// <summary>The kind of an option's value, for shell completion.</summary>
internal enum ValueKind
{
    /// <summary>Any text, or one of the option's choices.</summary>
    Text,

    /// <summary>Instances by number, "all" or "auto".</summary>
    Instances,

    /// <summary>Services and apps.</summary>
    Parts,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>Targets.</summary>
    Targets,
}

/// <summary>The name of a parameter as typed: <c>dry-run</c> for <c>DryRun</c>.</summary>
internal static class DashedName
{
    public static string Of(string name)
    {
        var text = new StringBuilder();
        foreach (var character in name)
        {
            if (char.IsUpper(character) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(character));
        }

        return text.ToString();
    }
}

/// <summary>One sentence per target, without a full stop, for the engine and the manual.</summary>
internal static class Summary
{
    public const string InitInstance = "Generates the files of instances in .instances/";

    public const string Up = "Starts instances, waits until they are ready and shows their endpoints";

    public const string Down = "Stops instances and keeps their data";

    public const string Logs = "Shows the logs of services and apps as one stream";

    public const string Status = "Shows the services and apps of instances and whether they are ready (the default target)";

    public const string Stats = "Shows the current CPU, memory, network and disk use of instances";

    public const string Verify = "Shows by the kernel's tables whom instances talk to; fails if it is another instance";

    public const string Wait = "Waits until instances are ready, without starting anything";

    public const string Restart = "Restarts running instances, or the services and apps of --only, and waits until they are ready";

    public const string Exec = "Runs the command after -- in the container of a service or in the environment of an app";

    public const string Open = "Prints the web addresses of instances; in a terminal, opens the front end in the browser";

    public const string Env = "Prints the variables of an instance, or of one service or app, for a shell to evaluate";

    public const string Clean = "Removes instances with their data and files";

    public const string List = "Lists the instances of all workspaces on this machine";

    public const string Doctor = "Checks the prerequisites of this machine and shows how to install what is missing";

    public const string Info = "Shows the names, ports and variables of instances";

    public const string Audit = "Lists every place in files and sources that addresses the stack, and what instances do with it";

    public const string Ports = "Prints the ports of instances as NAME=number lines for eval";

    public const string ProjectName = "Prints the Compose project names of instances";

    public const string UseInstance = "Sets the instance that later commands in this workspace use";

    public const string InitStack = "Writes a stack file, instancekit.yml, from what is found in a workspace";

    public const string LocalImages = "Builds stand-ins for the sample's images from Debian packages and points the sample at them";

    public const string Completion = "Prints a shell script that completes targets, options, instances and services";

    public const string Restore = "Restores the NuGet packages of this repository";

    public const string Compile = "Compiles this repository, after Restore";

    public const string Test = "Runs all tests of this repository, after Compile";
}
