namespace Nuke.Common.Tools.DotNet;

/// <summary>How <c>dotnet test</c> is called, as far as this build sets it.</summary>
public sealed class DotNetTestSettings
{
    /// <summary>Which tests run: VSTest's filter expression; all when null.</summary>
    public string? Filter { get; init; }
}

/// <summary>Changes of settings, each a copy.</summary>
public static class DotNetTestSettingsExtensions
{
    /// <summary>Sets which tests run.</summary>
    public static DotNetTestSettings SetFilter(this DotNetTestSettings settings, string filter) => new() { Filter = filter };
}
