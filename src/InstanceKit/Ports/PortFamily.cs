namespace InstanceKit.Ports;

/// <summary>The numbers of one port in all instances.</summary>
/// <param name="Zero">The number in instance 0.</param>
/// <param name="Start">What instance N adds N strides to, for N of 1 and more.</param>
/// <param name="Stride">The distance between neighbouring instances.</param>
internal readonly record struct PortFamily(int Zero, int Start, int Stride)
{
    /// <summary>A family that follows one formula from instance 0 on.</summary>
    public static PortFamily Regular(int start, int stride) => new(start, start, stride);

    /// <summary>The number in an instance; it may exceed 65535.</summary>
    public long At(int instance) => instance == 0 ? Zero : Start + ((long)instance * Stride);
}
