namespace InstanceKit.Models;

/// <summary>Reads compose files as layers, each with the directory that its paths are relative to.</summary>
/// <param name="source">Where texts come from.</param>
/// <param name="variables">A variable's value; <see langword="null"/> if it is not set.</param>
internal sealed class ComposeFileReading(ComposeSource source, Func<string, string?> variables)
{
    private static readonly string[] RemoteStarts = ["git@", "github.com/", "oci:"];

    /// <summary>What the files are read from.</summary>
    public ComposeSource Source => source;

    /// <summary>A variable's value; <see langword="null"/> if it is not set.</summary>
    public Func<string, string?> Variables => variables;

    /// <summary>The place of a file whose paths are relative to a folder.</summary>
    public ComposePlace PlaceOf(string file, string folder) => new(
        Path.GetRelativePath(source.Root ?? source.ProjectDirectory, file).Replace('\\', '/'), folder, "",
        variables("HOME") ?? variables("USERPROFILE"));

    /// <summary>The layers of a file.</summary>
    /// <param name="file">Its absolute path.</param>
    /// <exception cref="InstanceKitException">It does not exist, or is not a compose file.</exception>
    public IReadOnlyList<ComposeLayer> Read(string file, ComposePlace place) =>
        new ComposeYaml(place, variables).Read(source.Read(file) ?? throw place.Wrong("does not exist"));

    /// <summary>The same reading with the variables of an included project, over which the ones of this one win.</summary>
    public ComposeFileReading With(IReadOnlyDictionary<string, string> own) =>
        new(source, name => variables(name) ?? own.GetValueOrDefault(name));

    /// <summary>The values of env files; of one variable, the last counts.</summary>
    /// <param name="files">Their absolute paths.</param>
    /// <param name="isRequired">Whether each has to exist.</param>
    /// <param name="variables">A variable from outside; <see langword="null"/> if it is not set.</param>
    /// <exception cref="InstanceKitException">A required file does not exist, or has an invalid line.</exception>
    public IReadOnlyDictionary<string, string> ReadEnv(
        IEnumerable<string> files, bool isRequired, Func<string, string?> variables)
    {
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var place = PlaceOf(file, Path.GetDirectoryName(file)!);
            if (source.Read(file) is not { } text)
            {
                if (isRequired)
                    throw place.Wrong("does not exist");
                continue;
            }

            foreach (var (name, value) in new ComposeEnvText(place, n => variables(n) ?? result.GetValueOrDefault(n)).Read(text))
                result[name] = value;
        }

        return result;
    }

    /// <summary>The absolute path of a further compose file.</summary>
    /// <exception cref="InstanceKitException">It is on another machine.</exception>
    public static string Local(string path, ComposePlace place) =>
        path.Contains("://", StringComparison.Ordinal) || RemoteStarts.Any(s => path.StartsWith(s, StringComparison.Ordinal))
            ? throw place.Unknown($"refers to '{path}', which is on another machine")
            : place.Resolve(path);
}
