namespace RcptVerify.Telemetry;

/// <summary>
/// Event ids of the log, in ranges: 1000 decisions and verification, 2000 doors, 3000 probing, 4000 caching,
/// 5000 hosting and configuration. An id keeps its meaning for ever; a retired one is never used again.
/// </summary>
public static class EventIds
{
    /// <summary>One answer to a caller.</summary>
    public const int Decision = 1000;

    /// <summary>A background probe ended.</summary>
    public const int Refreshed = 1001;

    /// <summary>A known good was refused; a second refusal will confirm it.</summary>
    public const int KnownGoodRefused = 1002;

    /// <summary>A probe ended with a defect of ours.</summary>
    public const int ProbeDefect = 1003;

    /// <summary>A client was refused so many recipients that its new ones are no longer probed.</summary>
    public const int ClientLimited = 1004;

    /// <summary>A route refuses its known goods: its refusals no longer count.</summary>
    public const int RouteDistrusted = 1005;

    /// <summary>A distrusted route's refusals count again.</summary>
    public const int RouteTrusted = 1006;

    /// <summary>A server refused the route's canary.</summary>
    public const int CanaryRefused = 1007;

    /// <summary>One answer for a whole message, other than to go on.</summary>
    public const int MessageDecision = 1008;

    /// <summary>A peer sent something malformed; its connection was closed.</summary>
    public const int MalformedRequest = 2000;

    /// <summary>A peer did not finish its request, or did not read its answers.</summary>
    public const int PeerTooSlow = 2001;

    /// <summary>A connection ended with a defect of ours.</summary>
    public const int ConnectionDefect = 2002;

    /// <summary>Earlier lines of the same kind were left out.</summary>
    public const int Repeated = 2003;

    /// <summary>A look-up in a map that the socketmap door does not have.</summary>
    public const int UnknownMap = 2004;

    /// <summary>A door has as many connections as it may have; another one was closed.</summary>
    public const int DoorFull = 2005;

    /// <summary>A peer speaks another protocol than the door's; its connection was closed.</summary>
    public const int WrongDoor = 2006;

    /// <summary>The socketmap door was asked about a domain without a route.</summary>
    public const int NoRoute = 2007;

    /// <summary>Messages are to be answered at DATA, and none comes there.</summary>
    public const int DataNotAsked = 2008;

    /// <summary>A server could not be asked.</summary>
    public const int BackendTrouble = 3000;

    /// <summary>A session ended with a defect of ours.</summary>
    public const int SessionDefect = 3001;

    /// <summary>The stage at which a server tells was measured.</summary>
    public const int Calibrated = 3002;

    /// <summary>No stage was found at which a server tells.</summary>
    public const int NotCalibrated = 3003;

    /// <summary>TLS failed where it is optional; the server is asked in clear text.</summary>
    public const int ClearTextInstead = 3010;

    /// <summary>A server finds our sessions too many; it gets fewer for a while.</summary>
    public const int PoolShrunk = 3011;

    /// <summary>A server went down: it is no longer asked.</summary>
    public const int BackendDown = 3020;

    /// <summary>A server is back.</summary>
    public const int BackendBack = 3021;

    /// <summary>DNS named no server to ask for a domain.</summary>
    public const int NoMx = 3022;

    /// <summary>A route's caps held probes back.</summary>
    public const int ProbesHeldBack = 3023;

    /// <summary>A next hop may not, or cannot, be asked.</summary>
    public const int NextHopNotAsked = 3024;

    /// <summary>The cache store is in use.</summary>
    public const int StoreOpened = 4010;

    /// <summary>The cache store cannot be used now; memory goes on alone.</summary>
    public const int StoreTrouble = 4011;

    /// <summary>The cache store works again.</summary>
    public const int StoreRecovered = 4012;

    /// <summary>A cache store's file was moved out of the way.</summary>
    public const int StoreSetAside = 4013;

    /// <summary>Verdicts never reached the cache store, which is too slow.</summary>
    public const int StoreTooSlow = 4014;

    /// <summary>What the cache store held is in memory.</summary>
    public const int StoreLoaded = 4015;

    /// <summary>The cache store's thread met a defect of ours.</summary>
    public const int StoreDefect = 4016;

    /// <summary>Another process has the cache store's file open.</summary>
    public const int StoreShared = 4017;

    /// <summary>Redis cannot be used now; memory and probing go on.</summary>
    public const int RedisDown = 4020;

    /// <summary>Redis is in use, for the first time since the start.</summary>
    public const int RedisUp = 4021;

    /// <summary>Something in Redis is none of ours.</summary>
    public const int RedisGarbage = 4022;

    /// <summary>Redis answered with an error.</summary>
    public const int RedisRefused = 4023;

    /// <summary>Verdicts never reached Redis, which was away for too long.</summary>
    public const int RedisPendingLost = 4024;

    /// <summary>A defect of ours around Redis.</summary>
    public const int RedisDefect = 4025;

    /// <summary>Redis' user may not do what a change needs; it was given up.</summary>
    public const int RedisForbidden = 4026;

    /// <summary>Redis is in use again.</summary>
    public const int RedisBack = 4027;

    /// <summary>Listening on a socket.</summary>
    public const int Listening = 5000;

    /// <summary>The configuration was read again.</summary>
    public const int Reloaded = 5001;

    /// <summary>The configuration could not be read again; the old one stays.</summary>
    public const int ReloadFailed = 5002;

    /// <summary>A changed setting needs a restart.</summary>
    public const int RestartNeeded = 5003;

    /// <summary>The service is stopping.</summary>
    public const int Stopping = 5004;

    /// <summary>The service is up.</summary>
    public const int Started = 5005;

    /// <summary>Log lines were lost because the log could not be written fast enough.</summary>
    public const int LogLinesLost = 5006;

    /// <summary>A stale socket file was removed.</summary>
    public const int StaleSocketRemoved = 5007;

    /// <summary>A default address of the admin door is taken.</summary>
    public const int AdminDoorTaken = 5008;

    /// <summary>Others than the daemon may read the admin token's file.</summary>
    public const int AdminTokenExposed = 5010;
}
