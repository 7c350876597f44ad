using Xunit;

namespace InstanceKit.Tests.Architecture;

/// <summary>What other builds can use of the library: a type that is not in the golden file stays internal.</summary>
public sealed class PublicFaceTests
{
    [Fact]
    public void Public_types() => Snapshot.Verify(
        string.Concat(Room.Types.Where(t => t.IsVisible && !t.IsNested).Select(t => $"{t.FullName}\n").Order(StringComparer.Ordinal)), "txt");
}
