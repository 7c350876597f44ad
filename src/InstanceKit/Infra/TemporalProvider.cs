namespace InstanceKit.Infra;

/// <summary>Temporal: the development server of an installed <c>temporal</c>, with the instance's namespace.</summary>
internal sealed class TemporalProvider : EmbeddedProvider
{
    /// <summary>The image of its user interface, which the development server serves itself.</summary>
    public const string UiImage = "temporalio/ui";

    private const int TargetPort = 7233;
    private const int UiPort = 8233;
    private const int UiImagePort = 8080;

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["temporalio/auto-setup", "temporalio/server", "temporalio/temporal", "temporal"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools => [EmbeddedTool.Installed("temporal")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) =>
        service.PortOf(TargetPort) is null ? $"it publishes no port {TargetPort}" : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var port = service.PortOf(TargetPort)!.Value;
        var sibling = service.Siblings.FirstOrDefault(s => EmbeddedService.ImageNameOf(s) == UiImage);
        var uiPort = service.PortOf(UiPort) ?? (sibling is null ? null : (service with { Service = sibling }).PortOf(UiImagePort));
        IReadOnlyList<string> ui = uiPort is not null ? ["--ui-port", $"{uiPort}", "--ui-ip", service.Address] : ["--headless"];
        return new EmbeddedProcess
        {
            Script = tool.Program("temporal"),
            Arguments =
            [
                "server", "start-dev", "--ip", service.Address, "--port", $"{port}", "--namespace", service.Spec.Project,
                "--db-filename", Path.Combine(service.DataFolder, "temporal.db"), .. ui,
            ],
            Port = port,
        };
    }
}
