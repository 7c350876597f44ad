namespace Nuke.Common.IO;

/// <summary>A rooted path, joined with <c>/</c>.</summary>
public sealed class AbsolutePath : IEquatable<AbsolutePath>
{
    private readonly string _path;

    private AbsolutePath(string path) => _path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    public string Name => Path.GetFileName(_path);
    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(_path);
    public string Extension => Path.GetExtension(_path);
    public AbsolutePath? Parent => Path.GetDirectoryName(_path) is { } parent ? new AbsolutePath(parent) : null;

    public static implicit operator AbsolutePath?(string? path)
    {
        if (path is null)
            return null;
        Assert.True(Path.IsPathRooted(path), $"Path '{path}' must be rooted.");
        return new AbsolutePath(path);
    }

    public static implicit operator string?(AbsolutePath? path) => path?._path;

    /// <exception cref="ArgumentNullException">There is no path to start from.</exception>
    public static AbsolutePath operator /(AbsolutePath? left, string? right)
    {
        ArgumentNullException.ThrowIfNull(left);
        return new AbsolutePath(Path.Combine(left._path, right ?? ""));
    }

    public static AbsolutePath operator +(AbsolutePath left, string? right) => new(left._path + right);

    public static bool operator ==(AbsolutePath? left, AbsolutePath? right) => Equals(left, right);

    public static bool operator !=(AbsolutePath? left, AbsolutePath? right) => !Equals(left, right);

    public bool Equals(AbsolutePath? other) => other is not null && string.Equals(_path, other._path, Comparison);

    public override bool Equals(object? obj) => Equals(obj as AbsolutePath);

    public override int GetHashCode() => _path.GetHashCode(Comparison);

    public override string ToString() => _path;

    private static StringComparison Comparison =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
}
