using InstanceKit.Stacks;

namespace InstanceKit.Generation;

/// <summary>Gives an image to the instance alone whose build arguments differ, where the compose files fix its name.</summary>
/// <remarks>Otherwise the instance that was built last would replace the image of all others.</remarks>
internal static class BuiltImages
{
    /// <summary>The changes of all services, with their images'.</summary>
    public static IReadOnlyList<ServiceOverride> Part(IReadOnlyList<ServiceOverride> changes, OverrideScope scope)
    {
        var builders = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var change in changes.Where(c => c.BuildArguments.Count > 0))
        {
            var service = scope.Model.Services.First(s => s.Name == change.Name);
            if (service is not { IsBuilt: true, Image: { } image } || !builders.TryAdd(image, service.Name))
                continue;
            scope.Notes.Add($"Service {service.Name} is built for this instance with its ports; the image is not called {image} but by Compose.");
        }

        return builders.Count == 0 ? changes : [.. changes.Select(c => Part(c, builders, scope))];
    }

    private static ServiceOverride Part(ServiceOverride change, Dictionary<string, string> builders, OverrideScope scope)
    {
        var service = scope.Model.Services.First(s => s.Name == change.Name);
        if (service.Image is not { } image || !builders.TryGetValue(image, out var builder))
            return change;
        return service.IsBuilt ? change with { ResetsImage = true } : change with { Image = $"{scope.Spec.Project}-{builder}" };
    }
}
