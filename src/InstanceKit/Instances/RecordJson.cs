using System.Text.Json;
using System.Text.Json.Serialization;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>How records are serialized; generated at compile time, because reflection would slow down every start.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(CamelCase<OwnerKind>), typeof(CamelCase<InfraMode>)])]
[JsonSerializable(typeof(InstanceRecord))]
[JsonSerializable(typeof(LeaseFile))]
internal sealed partial class RecordJson : JsonSerializerContext
{
    /// <summary>The words of an enumeration as JSON has them.</summary>
    private sealed class CamelCase<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase)
        where T : struct, Enum;
}

/// <summary>The registry's file.</summary>
/// <param name="Version">The version of its format.</param>
/// <param name="Leases">What it holds.</param>
internal sealed record LeaseFile(int Version, IReadOnlyList<Lease> Leases);
