using System.Text.Json.Nodes;
using InstanceKit.Instances;

namespace InstanceKit.Infra;

/// <summary>PostgreSQL: the fetched server, or else an installed one; user, password, database and init scripts as in the image.</summary>
internal sealed class PostgresProvider : EmbeddedProvider
{
    private const int TargetPort = 5432;
    private const string ScriptFolder = "/docker-entrypoint-initdb.d";

    /// <summary>Settings that are the instance's, not the command's.</summary>
    private static readonly string[] OwnSettings =
        ["port", "listen_addresses", "unix_socket_directories", "data_directory", "config_file", "hba_file", "ident_file"];

    /// <summary>
    /// Where the data goes that the server's account could not reach in the workspace, as below <c>/root</c> when root
    /// starts it: the first one that can be created.
    /// </summary>
    public static readonly IReadOnlyList<string> AccountRoots = ["/var/lib/instancekit", "/var/tmp/instancekit", "/tmp/instancekit"];

    /// <inheritdoc />
    public override IReadOnlyList<string> Images => ["postgres", "postgresql"];

    /// <inheritdoc />
    public override IReadOnlyList<EmbeddedTool> Tools =>
        [EmbeddedTool.Fetched("postgres"), EmbeddedTool.Installed("postgres", "initdb", "psql")];

    /// <inheritdoc />
    public override string? Refuse(EmbeddedService service) =>
        service.PortOf(TargetPort) is null ? $"it publishes no port {TargetPort}"
        : service.Variable("POSTGRES_PASSWORD") is null && service.Variable("POSTGRES_HOST_AUTH_METHOD") != "trust"
            ? "it has no POSTGRES_PASSWORD"
            : null;

    /// <inheritdoc />
    public override EmbeddedProcess Run(EmbeddedService service, FoundTool tool)
    {
        var user = service.Variable("POSTGRES_USER") ?? "postgres";
        var port = service.PortOf(TargetPort)!.Value;
        var settings = new JsonObject
        {
            ["programs"] = tool.Tool.IsFetched ? Path.Combine(tool.Package, "native", "bin") : tool.Folder,
            ["package"] = tool.Tool.IsFetched ? tool.Folder : null,
            ["usesOwnClient"] = false,
            ["data"] = service.DataFolder,
            ["roots"] = Words(AccountRoots),
            ["port"] = port,
            ["address"] = service.Address,
            ["user"] = user,
            ["password"] = service.Variable("POSTGRES_PASSWORD"),
            ["database"] = service.Variable("POSTGRES_DB") ?? user,
            ["authMethod"] = service.Variable("POSTGRES_HOST_AUTH_METHOD") ?? "scram-sha-256",
            ["initdbArguments"] = Words((service.Variable("POSTGRES_INITDB_ARGS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            ["options"] = Words(OptionsOf(service)),
            ["scriptMounts"] = Words(ScriptMounts(service)),
            ["environment"] = Environment(service),
        };
        return new EmbeddedProcess
        {
            Script = tool.Launcher("postgres.cjs"),
            IsNodeScript = true,
            Settings = settings.ToJsonString(),
            Port = port,
            StopTimeout = 15_000,
        };
    }

    // `postgres -c max_connections=200 -c wal_level=logical`: apply the command's settings to the process.
    private static IEnumerable<string> OptionsOf(EmbeddedService service)
    {
        var words = service.CommandWords;
        for (var i = 0; i + 1 < words.Count; i++)
        {
            if (words[i] == "-c" && !OwnSettings.Contains(words[i + 1].Split('=')[0]))
            {
                yield return "-c";
                yield return words[++i];
            }
        }
    }

    /// <summary>Each directory or file that is mounted where the image searches for scripts, with its name there.</summary>
    private static IEnumerable<string> ScriptMounts(EmbeddedService service) => service.Service.Mounts
        .Where(m => m is { Type: "bind", Source: not null })
        .Where(m => m.Target.TrimEnd('/') == ScriptFolder || m.Target.StartsWith(ScriptFolder + "/", StringComparison.Ordinal))
        .Select(m => $"{m.Target.TrimEnd('/')[ScriptFolder.Length..].TrimStart('/')}:{m.Source}");

    private static JsonObject Environment(EmbeddedService service)
    {
        var values = new JsonObject();
        foreach (var (name, value) in service.Service.Environment.OrderBy(v => v.Key, StringComparer.Ordinal))
            values[name] = value ?? "";
        return values;
    }

    private static JsonArray Words(IEnumerable<string> words) => [.. words.Select(w => (JsonNode?)w)];
}

/// <summary>Data that PostgreSQL stores outside of the workspace, because root started it and its account can't enter the workspace.</summary>
/// <remarks>The launcher creates these directories; each has a file <c>owner</c> that names the data directory in the workspace.</remarks>
internal static class AccountData
{
    /// <summary>Deletes what belongs to an instance; a workspace that was moved keeps its data.</summary>
    /// <exception cref="InstanceKitException">A folder can't be deleted.</exception>
    public static void Remove(InstancePaths paths)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return;
        var prefix = paths.Directory + Path.DirectorySeparatorChar;
        foreach (var folder in PostgresProvider.AccountRoots.Where(Directory.Exists).SelectMany(Directory.EnumerateDirectories))
        {
            try
            {
                var owner = Path.Combine(folder, "owner");
                if (File.Exists(owner) && File.ReadAllText(owner).Trim().StartsWith(prefix, StringComparison.Ordinal))
                    Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new InstanceKitException(ExitCode.Failed, $"The data in {folder} can't be deleted: {e.Message}", "Delete that folder yourself.", e);
            }
        }
    }
}
