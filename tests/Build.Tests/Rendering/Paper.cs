using Output;

namespace Build.Tests.Rendering;

/// <summary>Takes what is shown, as a terminal of some width or a file would.</summary>
internal sealed class Paper
{
    private Paper(SurfaceTraits traits, Detail detail, bool isJson) => Output = new CommandOutput
    {
        Data = new Surface(new StringWriter { NewLine = "\n" }, traits),
        Messages = new Surface(new StringWriter { NewLine = "\n" }, traits),
        Detail = detail,
        IsJson = isJson,
        IsAbandoned = () => false,
        Time = new StoppedTime(Specimens.Now),
    };

    public CommandOutput Output { get; }

    public string Data => Output.Data.Writer.ToString()!;

    public string Messages => Output.Messages.Writer.ToString()!;

    /// <summary>A terminal without colours.</summary>
    public static Paper Terminal(int width, Detail detail = Detail.Normal) => new(
        new SurfaceTraits(width, Height: 40, HasColors: false, IsLive: false), detail, isJson: false);

    /// <summary>A terminal with colours.</summary>
    public static Paper Colored(int width) => new(
        new SurfaceTraits(width, Height: 40, HasColors: true, IsLive: true), Detail.Normal, isJson: false);

    /// <summary>A file or pipe.</summary>
    public static Paper File(Detail detail = Detail.Normal, bool isJson = false) =>
        new(SurfaceTraits.Redirected, detail, isJson);
}
