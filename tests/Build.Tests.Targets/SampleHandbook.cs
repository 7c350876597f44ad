using Cli.Manual;

namespace Build.Tests.Targets;

/// <summary>The manual of <see cref="SampleBuild"/>: one page and a short form of each kind.</summary>
internal static class SampleHandbook
{
    public static Handbook Open() => new()
    {
        Groups =
        [
            new TargetGroup("All",
            [
                new TargetPage("Show", "Shows the parameters")
                {
                    Options = ["Text", "Count", "Flag", "ManyWords"],
                    Examples = [new Example("{build} Show -t 'a b'", "Shows a text.")],
                },
                new TargetPage("Succeeds", "Does nothing")
                {
                    Options = ["Flag"],
                    Examples = [new Example("{build} Succeeds", "Does it.")],
                },
            ]),
        ],
        Options =
        [
            new OptionPage("Text", "TEXT") { Short = 't' },
            new OptionPage("Count", "N") { Short = 'n' },
            new OptionPage("Flag") { Short = 'f' },
            new OptionPage("ManyWords", "A,B") { Short = 'm' },
            new OptionPage("Help") { Short = 'h' },
            new OptionPage("Verbosity", "LEVEL"),
        ],
        Common = ["Help", "Verbosity"],
        ExitCodes = [new Note("0", "done"), new Note("2", "usage")],
    };
}
