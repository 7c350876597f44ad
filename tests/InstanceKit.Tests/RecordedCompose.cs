using InstanceKit.Models;

namespace InstanceKit.Tests;

/// <summary>What Docker Compose made of the files in <c>Compose/</c>; see <c>Compose/record.sh</c>.</summary>
internal static class RecordedCompose
{
    /// <summary>The JSON of a recording: <c>studio</c>, <c>ties.merged</c>.</summary>
    public static string Json(string name) => RepositoryFiles.Read($"tests/InstanceKit.Tests/Compose/{name}.json");

    /// <summary>The model of a recording, read under project <c>shipsec-dev-1</c>.</summary>
    public static ComposeModel Model(string name) => ComposeModelReader.Read(Json(name));
}
