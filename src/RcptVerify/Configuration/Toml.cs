using System.Globalization;
using System.Text;

namespace RcptVerify.Configuration;

/// <summary>Writes TOML scalars.</summary>
internal static class Toml
{
    /// <summary>A basic string (TOML 1.0, "String").</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (char c in text)
        {
            if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c))
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }
}
