namespace BlackBox;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>Its absolute path: the folder above the tests that holds the solution.</summary>
    public static string Root { get; } = Find();

    /// <summary>An absolute path in it.</summary>
    public static string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ShipSec.Build.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"There is no ShipSec.Build.sln above {AppContext.BaseDirectory}.");
    }
}
