namespace InstanceKit.Generation;

/// <summary>Something that a provider needs on this machine: installed programs, or one fetched once.</summary>
/// <param name="Name">The first program, or the name of the pinned tool.</param>
/// <param name="Programs">The programs that must all be found; empty for a pinned tool.</param>
public sealed record EmbeddedTool(string Name, IReadOnlyList<string> Programs)
{
    /// <summary>Whether it is fetched where it is missing.</summary>
    public bool IsFetched => Programs.Count == 0;

    /// <summary>Programs that a person has installed.</summary>
    public static EmbeddedTool Installed(params IReadOnlyList<string> programs) => new(programs[0], programs);

    /// <summary>A tool of the folder of tools.</summary>
    public static EmbeddedTool Fetched(string name) => new(name, []);
}

/// <summary>A tool that was found or fetched.</summary>
/// <param name="Tool">Which one.</param>
/// <param name="Folder">The folder of its programs; for a fetched one its folder in the folder of tools.</param>
/// <param name="Package">The part of a fetched tool's folder that is this machine's alone; otherwise as Folder.</param>
/// <param name="Launchers">The folder of this library's launchers.</param>
/// <param name="Programs">The paths of the installed programs, by name.</param>
public sealed record FoundTool(
    EmbeddedTool Tool, string Folder, string Package, string Launchers, IReadOnlyDictionary<string, string> Programs)
{
    /// <summary>The path of a launcher.</summary>
    public string Launcher(string name) => Path.Combine(Launchers, name);

    /// <summary>The path of an installed program.</summary>
    public string Program(string name) => Programs[name];
}
