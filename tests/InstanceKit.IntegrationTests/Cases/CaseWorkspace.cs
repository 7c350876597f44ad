using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.Env;
using InstanceKit.IntegrationTests.Support;
using InstanceKit.Platform;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Cases;

/// <summary>A small workspace in the shape of a public report, and its instances 0 to 2 as the program generates them.</summary>
internal sealed class CaseWorkspace : TestWorkspace
{
    private readonly Dictionary<int, JsonNode> _models = [];
    private BuildResult? _answer;

    private CaseWorkspace(Pm2Program pm2)
        : base(pm2)
    {
    }

    /// <summary>Makes one with a compose file; nothing is run.</summary>
    /// <param name="isUp">Whether it is to be started: otherwise no engine is needed, and without one no instance of another test is in the way.</param>
    public static async Task<CaseWorkspace> CreateAsync(string compose, string folder = "", bool isUp = false)
    {
        await TestEngine.RequireAsync();
        var workspace = new CaseWorkspace(await Requires.Pm2Async()) { IsEngineHidden = !isUp, IsCleaned = !isUp };
        if (folder.Length > 0)
            workspace.MoveTo(folder);
        workspace.Write("compose.yaml", compose);
        return workspace;
    }

    /// <summary>Adds a file.</summary>
    public CaseWorkspace With(string name, string text)
    {
        Write(name, text);
        return this;
    }

    /// <summary>Generates the files of instances 0 to 2 in one call, and reads the merged model of each.</summary>
    public async Task<CaseWorkspace> InitAsync()
    {
        _answer = (await RunAsync("InitInstance", "--instance", "0-2", "--json")).Expect(0);
        await ReadModelsAsync([0, 1, 2]);
        return this;
    }

    /// <summary>Starts the apps of two instances in one call; the services have to be scaled to zero.</summary>
    public async Task<IReadOnlyList<TestInstance>> UpAsync()
    {
        TestInstance[] instances = [TakeInstance(), TakeInstance()];
        _answer = (await RunAsync("Up", "--instance", string.Join(',', instances.Select(i => i.Number)), "--json")).Expect(0);
        await ReadModelsAsync([.. instances.Select(i => i.Number)]);
        return instances;
    }

    /// <summary>Expects that InitInstance refuses instances 0 to 2 and writes nothing.</summary>
    public async Task<string> InitFailsAsync(params int[] exitCodes)
    {
        var result = await RunAsync("InitInstance", "--instance", "0-2");
        Assert.True(exitCodes.Contains(result.ExitCode), result.ToString());
        Assert.False(Directory.Exists(PathOf(".instances")) && Directory.EnumerateFiles(PathOf(".instances"), "*.yml", SearchOption.AllDirectories).Any(), result.ToString());
        return result.Errors;
    }

    /// <summary>A service in the merged model.</summary>
    public JsonNode Service(int number, string service) => _models[number]["services"]![service]!;

    /// <summary>A part of the merged model.</summary>
    public JsonNode Model(int number) => _models[number];

    /// <summary>What a service publishes: <c>127.0.0.1:8180:80/tcp</c>.</summary>
    public IReadOnlyList<string> Ports(int number, string service) =>
        [.. Service(number, service)["ports"]!.AsArray().Select(p => $"{p!["host_ip"]}:{p["published"]}:{p["target"]}/{p["protocol"]}")];

    /// <summary>The one number at which a service publishes its port.</summary>
    public int Port(int number, string service, int target) => (int)Assert.Single(
        Service(number, service)["ports"]!.AsArray().Where(p => (int)p!["target"]! == target).Select(p => int.Parse((string)p!["published"]!)).Distinct());

    /// <summary>A variable of a service.</summary>
    public string? Variable(int number, string service, string name) => (string?)Service(number, service)["environment"]?[name];

    /// <summary>A list of a service as one text.</summary>
    public string Words(int number, string service, string key) => string.Join(' ', Service(number, service)[key]!.AsArray().Select(w => $"{w}"));

    /// <summary>A file of an instance.</summary>
    public string Generated(int number, string name) => File.ReadAllText(PathOf($".instances/instance-{number}/{name}"));

    /// <summary>The variables of an app's env file.</summary>
    public IReadOnlyDictionary<string, string> Env(int number, string app) => DotEnvDocument.Parse(Generated(number, $"{app}.env")).EffectiveValues();

    /// <summary>The notes of the last command on an instance, one a line.</summary>
    public string Notes(int number) => _answer!.NotesOf(new TestInstance(this, number));

    /// <summary>The entry of an app in the ecosystem that the last Up made.</summary>
    public JsonNode Entry(int number, string app)
    {
        var file = PathOf($".instances/instance-{number}/ecosystem.json");
        return JsonNode.Parse(File.ReadAllText(file))!["apps"]!.AsArray().Single(a => (string)a!["name"]! == $"{StackName}-{app}-{number}")!;
    }

    private async Task ReadModelsAsync(int[] numbers)
    {
        foreach (var (number, model) in await Task.WhenAll(numbers.Select(async n => (n, await ReadModelAsync(n)))))
            _models[number] = model;
    }

    private async Task<JsonNode> ReadModelAsync(int number)
    {
        var result = await TestEngine.ComposeAsync(new ProcessSpec
        {
            Program = "docker",
            Arguments =
            [
                "compose", "--project-name", $"{StackName}-dev-{number}", "--project-directory", Folder, "--file", PathOf("compose.yaml"),
                "--file", PathOf($".instances/instance-{number}/docker-compose.override.yml"), "config", "--format", "json",
            ],
        });
        Assert.True(result.Succeeded, result.StandardError);
        return JsonNode.Parse(result.StandardOutput)!;
    }
}
