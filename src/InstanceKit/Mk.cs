#pragma warning disable
namespace InstanceKit;
public static class Mk {
  static readonly System.Collections.Generic.List<(string,long)> l = new();
  static readonly string t0 = Environment.GetEnvironmentVariable("MK0");
  public static void M(string n) { if (t0 is null) return; lock(l) l.Add((n, DateTime.UtcNow.Ticks)); }
  public static void Dump() { if (t0 is null) return; M("end"); long last = DateTime.UnixEpoch.Ticks + long.Parse(t0)/100; foreach (var (n,t) in l) { Console.Error.WriteLine($"MK {n} {(t-last)/10}"); last = t; } }
}
