using System.Text;

namespace InstanceKit.Stacks;

/// <summary>The escapes of a value in double quotes.</summary>
internal static class EnvEscapes
{
    /// <summary>The value without them; a dollar sign that was escaped is doubled, so that no variable begins with it.</summary>
    public static string Read(string value)
    {
        var result = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] != '\\' || i + 1 == value.Length)
            {
                result.Append(value[i]);
                continue;
            }

            result.Append(value[++i] switch
            {
                'n' => "\n",
                'r' => "\r",
                't' => "\t",
                '$' => "$$",
                '"' or '\\' => $"{value[i]}",
                var other => $"\\{other}",
            });
        }

        return result.ToString();
    }
}
