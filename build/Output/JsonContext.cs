using System.Text.Json.Serialization;

namespace Output;

/// <summary>The documents that can be written; generated at compile time, because reflection would slow down every start.</summary>
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
