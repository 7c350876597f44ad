using Cli.Hosting;
using Nuke.Common;

namespace Build.Tests.Targets;

internal sealed partial class SampleBuild
{
    [Parameter("Any text.")]
    public string? Text { get; private set; }

    [Parameter("A whole number.")]
    public int Count { get; private set; } = 7;

    [Parameter("A switch.")]
    public bool Flag { get; private set; }

    [Parameter("A choice.")]
    public Level Level { get; private set; }

    [Parameter("A list.", Separator = ",")]
    public string[]? ManyWords { get; private set; }

    private Target Show => _ => _
        .Executes(() =>
        {
            BuildStreams.Data.WriteLine($"Text={Text}");
            BuildStreams.Data.WriteLine($"Count={Count}");
            BuildStreams.Data.WriteLine($"Flag={Flag}");
            BuildStreams.Data.WriteLine($"Level={Level}");
            BuildStreams.Data.WriteLine($"ManyWords={string.Join('|', ManyWords ?? [])}");
            BuildStreams.Data.WriteLine($"Verbosity={Verbosity}");
            BuildStreams.Data.WriteLine($"Root={RootDirectory.Name}");
        });

    private Target NeedsText => _ => _
        .DependsOn(First)
        .Requires(() => Text)
        .Executes(Say(nameof(NeedsText)));

    private Target NeedsHigh => _ => _
        .DependsOn(First)
        .Requires(() => Level == Level.High)
        .Executes(Say(nameof(NeedsHigh)));

    /// <summary>Shows the command behind "--", and what the build itself was given.</summary>
    [TakesCommand]
    private Target Takes => _ => _
        .Executes(() => VerbRunner.Run(this, _ =>
        {
            foreach (var word in CommandBehindDashes.Words ?? ["(none)"])
                BuildStreams.Data.WriteLine($"[{word}]");
            BuildStreams.Data.WriteLine($"Text={Text}");
            BuildStreams.Data.WriteLine(string.Join(' ', Environment.GetEnvironmentVariables().Keys.Cast<string>()
                .Where(name => name.StartsWith("INSTANCEKIT_COMMAND", StringComparison.Ordinal))));
            return Task.FromResult(Count);
        }));

    /// <summary>Writes what it reads.</summary>
    [TakesCommand]
    private Target Echoes => _ => _
        .Executes(() => VerbRunner.Run(this, async cancellation =>
        {
            BuildStreams.Data.WriteLine(await Console.In.ReadToEndAsync(cancellation));
            return 0;
        }));

    /// <summary>Shows what a program started by a verb would find in its environment.</summary>
    private Target ShowAmbient => _ => _
        .Executes(() => VerbRunner.Run(this, _ =>
        {
            BuildStreams.Data.WriteLine($"TEXT={Environment.GetEnvironmentVariable("TEXT")}");
            BuildStreams.Data.WriteLine($"HOST={Environment.GetEnvironmentVariable("HOST")}");
            BuildStreams.Data.WriteLine($"NUKE_ROOT={Environment.GetEnvironmentVariable("NUKE_ROOT")}");
            BuildStreams.Data.WriteLine($"NUKE_TEXT={Environment.GetEnvironmentVariable("NUKE_TEXT")}");
            return Task.FromResult(0);
        }));
}
