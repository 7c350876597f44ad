using System.Text.Json.Serialization;

namespace Rendering.Json;

/// <summary>The documents that can be written; made at compile time, since reflection would cost every start.</summary>
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(OperationDocument))]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(StatsDocument))]
[JsonSerializable(typeof(InfoDocument))]
[JsonSerializable(typeof(StackFileDocument))]
[JsonSerializable(typeof(PortsDocument))]
[JsonSerializable(typeof(EnvironmentDocument))]
[JsonSerializable(typeof(EndpointsDocument))]
[JsonSerializable(typeof(ProjectDocument))]
[JsonSerializable(typeof(MachineDocument))]
[JsonSerializable(typeof(OrphansDocument))]
[JsonSerializable(typeof(ActiveInstanceDocument))]
[JsonSerializable(typeof(ErrorDocument))]
[JsonSerializable(typeof(LogLineDocument))]
[JsonSerializable(typeof(LocalImagesDocument))]
[JsonSerializable(typeof(DiagnosisDocument))]
internal sealed partial class JsonContext : JsonSerializerContext;
