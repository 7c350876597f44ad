namespace InstanceKit.Generation;

/// <summary>Why a value of an env file changed, in words for people.</summary>
public static class EnvCause
{
    /// <summary>The value holds an address of this stack on the local host.</summary>
    public const string Address = "address of this stack";

    /// <summary>The key is a port key, and its value a base port of this stack.</summary>
    public const string Port = "port of this stack";

    /// <summary>The instance gives the key another value.</summary>
    public const string Set = "set for the instance";

    /// <summary>The instance needs the key and the file lacked it.</summary>
    public const string Added = "added for the instance";
}
