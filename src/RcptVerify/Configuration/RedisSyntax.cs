using StackExchange.Redis;

namespace RcptVerify.Configuration;

/// <summary>Checks the connection string of Redis. It may hold a password: never quoted.</summary>
internal static class RedisSyntax
{
    /// <summary>Why a text is no connection string, without quoting it; null where it is one.</summary>
    /// <param name="text">What somebody configured.</param>
    public static string? Problem(string text)
    {
        // StackExchange.Redis takes "redis://host:port" for a host's name, which then is never found.
        if (text.Split(',').Any(part => part.Split('=')[0].Contains("://", StringComparison.Ordinal)))
            return "it is no URL: write HOST:PORT, and options like ssl=true behind commas";
        try
        {
            return ConfigurationOptions.Parse(text, ignoreUnknown: false).EndPoints.Count == 0 ? "it names no server" : null;
        }
        catch (ArgumentException e)
        {
            // The keyword may be told, its value not: "Keyword 'x' is not supported."
            return e.ParamName is { Length: > 0 } name && text.Contains(name + "=", StringComparison.OrdinalIgnoreCase)
                ? $"\"{name}\" is not an option, or cannot have that value"
                : "one of its options is unknown, or cannot have its value";
        }
        catch (FormatException)
        {
            return "one of its options cannot have its value";
        }
    }

    /// <summary>Whether it is a connection string, and the connection is not encrypted.</summary>
    /// <param name="text">What somebody configured.</param>
    public static bool IsClearText(string text) => Problem(text) is null && !ConfigurationOptions.Parse(text, ignoreUnknown: false).Ssl;
}
