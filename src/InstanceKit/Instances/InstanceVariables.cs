using InstanceKit.Ports;
using InstanceKit.Stacks;

namespace InstanceKit.Instances;

/// <summary>The variables that an instance sets for one of its apps.</summary>
public static class InstanceVariables
{
    /// <summary>The variables in the stack's order, then the app's own.</summary>
    /// <remarks>
    /// <c>PORT</c> is that of the backend, according to the specification, but an app with its own port gets that one:
    /// a dev server that reads <c>PORT</c> would otherwise use the backend's.
    /// </remarks>
    public static IReadOnlyList<KeyValuePair<string, string>> For(InstanceSpec spec, PortPlan ports, AppDefinition app)
    {
        var stack = spec.Stack;
        var result = stack.Variables.Concat(app.Variables)
            .Select(v => KeyValuePair.Create(
                v.Key, InstanceTemplate.Expand(v.Value, spec.Number, stack.Name, spec.Project, ports.PortOf)))
            .ToList();
        if (app.PortName is { } own)
        {
            var at = result.FindIndex(v => v.Key == "PORT");
            var value = KeyValuePair.Create("PORT", ports.PortOf(own).ToString());
            if (at >= 0)
                result[at] = value;
            else
                result.Add(value);
        }

        return result;
    }

    /// <summary>The variables that the app's sources assume, pointed to the instance; none in instance 0, which they mean.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> DefaultsFor(InstanceSpec spec, PortPlan ports, AppDefinition app) =>
        spec.Number == 0 ? [] :
        [
            .. app.Defaults.Select(v => KeyValuePair.Create(
                v.Key, InstanceTemplate.Expand(v.Value, spec.Number, spec.Stack.Name, spec.Project, ports.PortOf))),
        ];
}
