using System.Text.Json.Serialization;
using Cli.Manual;
using Output;

namespace Build.Tests.Schemas;

/// <summary>A kind of document that <c>--json</c> prints.</summary>
/// <param name="Name">The name of its schema: the target's where one target alone prints it.</param>
/// <param name="Type">What is written.</param>
internal sealed record DocumentKind(string Name, Type Type)
{
    // Types that are called otherwise than the target that prints them.
    private static readonly Dictionary<Type, string> s_names = new()
    {
        [typeof(LogLineDocument)] = "logs",
        [typeof(ConnectionsDocument)] = "verify",
        [typeof(MachineDocument)] = "list",
        [typeof(ProjectDocument)] = "project-name",
        [typeof(EnvironmentDocument)] = "env",
        [typeof(EndpointsDocument)] = "open",
        [typeof(DiagnosisDocument)] = "doctor",
        [typeof(ActiveInstanceDocument)] = "use-instance",
        [typeof(StackFileDocument)] = "init-stack",
    };

    /// <summary>All that can be written.</summary>
    public static IReadOnlyList<DocumentKind> All { get; } =
    [
        .. from attribute in typeof(JsonContext).GetCustomAttributesData()
           where attribute.AttributeType == typeof(JsonSerializableAttribute)
           let type = (Type)attribute.ConstructorArguments[0].Value!
           select new DocumentKind(s_names.GetValueOrDefault(type) ?? DashedName.Of(type.Name.Replace("Document", "", StringComparison.Ordinal)), type),
    ];

    /// <summary>The kind of that name.</summary>
    public static DocumentKind Of(string name) => All.Single(kind => kind.Name == name);
}
