using StackExchange.Redis;

namespace RcptVerify.Caching;

/// <summary>
/// Makes the client's connection to Redis: directly, or, with a <c>serviceName</c>, to the primary that the Sentinels name, which the
/// client then follows by itself. The client's ready-made way (<c>ConnectAsync</c> with a service name) makes a new connection to the
/// Sentinels at each attempt and does not say which of the two failed: here it is made once and kept, so that an attempt while the
/// primary is away is one question, and who has no answer is told.
/// </summary>
internal sealed class RedisConnector(ConfigurationOptions options) : IAsyncDisposable
{
    private ConnectionMultiplexer? _sentinels;

    /// <summary>Connects; without a server within reach the connection goes on trying by itself.</summary>
    /// <exception cref="RedisException">The Sentinels name no primary, or cannot be asked.</exception>
    public async Task<ConnectionMultiplexer> ConnectAsync()
    {
        if (string.IsNullOrEmpty(options.ServiceName))
            return await ConnectionMultiplexer.ConnectAsync(options);
        _sentinels ??= await ConnectionMultiplexer.SentinelConnectAsync(OptionsOfSentinels());
        if (!await NameAPrimaryAsync(_sentinels, options.ServiceName))
            throw new NoPrimaryException($"no Sentinel can be asked, or none names a primary of {options.ServiceName}");
        return _sentinels.GetSentinelMasterConnection(options);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_sentinels is not null)
            await _sentinels.DisposeAsync();
    }

    /// <summary>StackExchange.Redis: sentinelUser and sentinelPassword, and user and password where those are not given.</summary>
    private ConfigurationOptions OptionsOfSentinels()
    {
        ConfigurationOptions sentinels = options.Clone();
        sentinels.User = options.SentinelUser;
        sentinels.Password = options.SentinelPassword;
        return sentinels;
    }

    private static async Task<bool> NameAPrimaryAsync(ConnectionMultiplexer sentinels, string service)
    {
        foreach (IServer server in sentinels.GetServers())
        {
            try
            {
                if (server.IsConnected && await server.SentinelGetMasterAddressByNameAsync(service) is not null)
                    return true;
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                // The next one may know.
            }
        }

        return false;
    }
}

/// <summary>Nobody says which server is the primary; the message may be told.</summary>
internal sealed class NoPrimaryException(string message) : RedisException(message);
