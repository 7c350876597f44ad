namespace Nuke.Common.IO;

/// <summary>A rooted path, joined with <c>/</c>.</summary>
public sealed class AbsolutePath
{
    private readonly string _path;

    private AbsolutePath(string path) => _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public string Name => Path.GetFileName(_path);

    public AbsolutePath? Parent => (AbsolutePath?)Path.GetDirectoryName(_path);

    public static implicit operator AbsolutePath?(string? path)
    {
        if (path is null)
            return null;
        Assert.True(Path.IsPathRooted(path), $"Path '{path}' must be rooted.");
        return new AbsolutePath(path);
    }

    public static implicit operator string?(AbsolutePath? path) => path?._path;

    public static AbsolutePath operator /(AbsolutePath left, string right) => new(Path.Combine(left._path, right));

    public override string ToString() => _path;
}
