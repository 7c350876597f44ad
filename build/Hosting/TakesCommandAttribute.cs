namespace Hosting;

/// <summary>Marks a target that runs the command behind <c>--</c>; with any other it is refused.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TakesCommandAttribute : Attribute;
