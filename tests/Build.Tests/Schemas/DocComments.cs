using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using InstanceKit;

namespace Build.Tests.Schemas;

/// <summary>What the code says of its types and properties, as plain text.</summary>
internal static partial class DocComments
{
    private static readonly Lazy<Dictionary<string, XElement>> s_members = new(Read);

    /// <summary>The summary of a type.</summary>
    public static string Of(Type type) => Text(Find($"T:{type.FullName}")?.Element("summary"));

    /// <summary>The summary of a property, or what its record says of the parameter that makes it.</summary>
    public static string Of(PropertyInfo property)
    {
        var type = property.DeclaringType!.FullName;
        return Text(Find($"P:{type}.{property.Name}")?.Element("summary")
            ?? Find($"T:{type}")?.Elements("param").FirstOrDefault(p => (string?)p.Attribute("name") == property.Name));
    }

    private static XElement? Find(string id) => s_members.Value.GetValueOrDefault(id);

    /// <summary>The text on one line; where it only refers to a constant, what is said of that one.</summary>
    private static string Text(XElement? comment)
    {
        if (comment is null)
            return "";
        var text = Blanks().Replace(string.Concat(comment.Nodes().Select(Text)), " ").Trim();
        var target = (string?)comment.Elements("see").SingleOrDefault()?.Attribute("cref");
        return target is not null && text.StartsWith("See ", StringComparison.Ordinal) ? Text(Find(target)?.Element("summary")) : text;
    }

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" } reference =>
            (string?)reference.Attribute("langword") ?? ((string?)reference.Attribute("cref") ?? (string?)reference.Attribute("name"))!.Split('.', ':')[^1],
        XElement element => element.Value,
        _ => "",
    };

    private static Dictionary<string, XElement> Read() => new[] { typeof(DocComments).Assembly, typeof(InstanceKitException).Assembly }
        .SelectMany(assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")).Descendants("member"))
        .DistinctBy(member => (string)member.Attribute("name")!) // generated code is in both
        .ToDictionary(member => (string)member.Attribute("name")!, StringComparer.Ordinal);

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
