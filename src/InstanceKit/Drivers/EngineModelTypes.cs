using System.Diagnostics.CodeAnalysis;
using Docker.DotNet.Models;

namespace InstanceKit.Drivers;

/// <summary>
/// The collections that only the JSON reader of the client library makes, by reflection over its models. A program that is
/// compiled natively has no code for a type that nothing names: of those over references one stands for all, of those over
/// values each has code of its own.
/// </summary>
internal static class EngineModelTypes
{
    /// <summary>One of each: what is made somewhere has code, and what an attribute names can be made by reflection.</summary>
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(List<string>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(List<byte>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(List<ulong>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Dictionary<string, string>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Dictionary<string, bool>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Dictionary<string, ulong>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Dictionary<string, EmptyStruct>))]
    public static object[] MakeAll() =>
    [
        new List<string>(), new List<byte>(), new List<ulong>(), new Dictionary<string, string>(), new Dictionary<string, bool>(),
        new Dictionary<string, ulong>(), new Dictionary<string, EmptyStruct>(),
    ];
}
