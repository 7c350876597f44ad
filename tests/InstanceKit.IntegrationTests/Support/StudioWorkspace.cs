using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BlackBox;
using InstanceKit.Pm2;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>A copy of the sample workspace, without the packages that npm brings.</summary>
internal sealed class StudioWorkspace : TestWorkspace
{
    private static readonly string[] NotCopied = ["node_modules", ".instances", ".shipsec-instance", ".env"];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(10) };

    private StudioWorkspace(Pm2Program pm2, string images)
        : base(pm2)
    {
        Copy(Repository.PathOf("samples", "studio"), Folder);
        Write(".env", images);
    }

    /// <summary>Makes one; nothing is run.</summary>
    public static async Task<StudioWorkspace> CreateAsync()
    {
        await TestEngine.RequireAsync();
        return new StudioWorkspace(await Requires.Pm2Async(), await TestEngine.ImageVariablesAsync());
    }

    /// <summary>Makes one whose services run as processes; no engine is needed.</summary>
    public static async Task<StudioWorkspace> CreateEmbeddedAsync() => new(await Requires.Pm2Async(), "") { IsEngineHidden = true };

    /// <summary>Asks something of an instance that answers on a port; fails the test when it does not answer with 2xx.</summary>
    public async Task<JsonNode> GetAsync(int port, string path)
    {
        using var response = await _client.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"));
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"GET {path} on {port}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>Writes a row through the backend of an instance.</summary>
    public async Task WriteNoteAsync(TestInstance instance, string text)
    {
        using var response = await _client.PostAsJsonAsync(new Uri($"http://127.0.0.1:{instance.BackendPort}/notes"), new { text });
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The rows of an instance, as its backend reads them.</summary>
    public async Task<IReadOnlyList<string>> ReadNotesAsync(TestInstance instance) =>
        [.. (await GetAsync(instance.BackendPort, "/notes"))["notes"]!.AsArray().Select(n => (string)n!["text"]!)];

    private static void Copy(string source, string target)
    {
        Directory.CreateDirectory(target);
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos())
        {
            if (NotCopied.Contains(entry.Name))
                continue;
            var copy = Path.Combine(target, entry.Name);
            if (entry is DirectoryInfo)
                Copy(entry.FullName, copy);
            else
                File.Copy(entry.FullName, copy);
        }
    }
}
