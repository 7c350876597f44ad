using System.Net;

namespace InstanceKit.Drivers;

/// <summary>One TCP socket of this host that accepts connections.</summary>
/// <param name="Port">The port, 1 to 65535.</param>
/// <param name="Address">The local address; 0.0.0.0 or :: for all.</param>
/// <param name="Pid">The process that holds it, of parent and child the parent; <see langword="null"/> when unknown.</param>
public sealed record ListeningSocket(int Port, IPAddress Address, int? Pid);
