using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Nuke.Common.Tooling;

/// <summary>A closed set of named values, each a static field of the derived type.</summary>
public abstract class Enumeration
{
    protected string Value { get; init; } = "";

    public override string ToString() => Value;

    internal static IEnumerable<string> NamesOf(Type type) =>
        type.GetFields(BindingFlags.Static | BindingFlags.Public).Select(field => field.Name);

    /// <summary>Reads a value by its name, in any case.</summary>
    public class TypeConverter<T> : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object? ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value)
        {
            var name = NamesOf(typeof(T)).FirstOrDefault(one => one.Equals(value as string, StringComparison.OrdinalIgnoreCase))
                       ?? throw new FormatException($"is not one of {string.Join(", ", NamesOf(typeof(T)))}");
            return typeof(T).GetField(name)!.GetValue(null);
        }
    }
}
