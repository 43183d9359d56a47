using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>The connection string of Redis, in StackExchange.Redis' notation. It may hold a password: never told.</summary>
internal static class RedisConnectionString
{
    /// <summary>The options behind it, with what this program needs: no connection is no error.</summary>
    public static ConfigurationOptions Parse(string text)
    {
        var options = ConfigurationOptions.Parse(text, ignoreUnknown: false);
        options.AbortOnConnectFail = false;
        options.ClientName ??= "rcptverify";
        options.ConfigurationChannel = ""; // its messages and its keys are for other programs' needs
        options.TieBreaker = "";
        options.ReconnectRetryPolicy = new LinearRetry(250);
        options.AsyncTimeout = Math.Min(options.AsyncTimeout, 2000);
        options.ConnectTimeout = Math.Min(options.ConnectTimeout, 2000);
        options.IncludeDetailInExceptions = false;
        return options;
    }

    /// <summary>The endpoints alone.</summary>
    public static string NameOf(ConfigurationOptions options) =>
        string.Join(',', options.EndPoints.Select(EndPointCollection.ToString));
}
