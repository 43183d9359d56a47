using Microsoft.Extensions.Logging;

namespace RcptVerify.Telemetry;

/// <summary>Every log message but the decision line (<see cref="DecisionLine"/>). Arguments from outside come escaped (<see cref="LogEscape"/>).</summary>
internal static partial class Log
{
    [LoggerMessage(EventIds.Refreshed, LogLevel.Information, "refreshed recipient=<{Recipient}> verdict={Verdict} stage={Stage} server={Server} reply=\"{Reply}\"")]
    public static partial void Refreshed(ILogger logger, string recipient, string verdict, string stage, string server, string reply);

    [LoggerMessage(EventIds.KnownGoodRefused, LogLevel.Warning, "recipient=<{Recipient}> was known good and is refused now; asking again in {Delay} before it counts: server={Server} reply=\"{Reply}\"")]
    public static partial void KnownGoodRefused(ILogger logger, string recipient, TimeSpan delay, string server, string reply);

    [LoggerMessage(EventIds.ProbeDefect, LogLevel.Error, "internal error while probing recipient=<{Recipient}>; callers get a temporary failure")]
    public static partial void ProbeDefect(ILogger logger, string recipient, Exception exception);

    [LoggerMessage(EventIds.ClientLimited, LogLevel.Warning, "client={Client} was refused {Count} recipients of route {Route}: its unknown recipients are deferred without a probe for a while")]
    public static partial void ClientLimited(ILogger logger, string client, int count, string route);

    [LoggerMessage(EventIds.RouteDistrusted, LogLevel.Error, "route {Route} REFUSES ITS KNOWN RECIPIENTS: {Refused} refused, {Confirmed} confirmed within 10 minutes. Its refusals do not count and unknown recipients are deferred until it confirms a known one; look after the server: server={Server} reply=\"{Reply}\"")]
    public static partial void RouteDistrusted(ILogger logger, string route, int refused, int confirmed, string server, string reply);

    [LoggerMessage(EventIds.RouteTrusted, LogLevel.Warning, "route {Route} is trusted again: {Why}")]
    public static partial void RouteTrusted(ILogger logger, string route, string why);

    [LoggerMessage(EventIds.CanaryRefused, LogLevel.Error, "route {Route}: ITS CANARY <{Canary}> IS REFUSED. Refusals do not count and unknown recipients are deferred until it is accepted again; look after the server, or name another canary if that mailbox was removed: server={Server} reply=\"{Reply}\"")]
    public static partial void CanaryRefused(ILogger logger, string route, string canary, string server, string reply);

    [LoggerMessage(EventIds.MessageDecision, LogLevel.Information, "instance={Instance} client={Client} message verdict={Verdict}: {Why}")]
    public static partial void MessageDecision(ILogger logger, string instance, string client, string verdict, string why);

    [LoggerMessage(EventIds.MalformedRequest, LogLevel.Warning, "malformed request from {Peer}: {Error}; closing the connection without an answer")]
    public static partial void MalformedRequest(ILogger logger, string peer, string error);

    [LoggerMessage(EventIds.PeerTooSlow, LogLevel.Warning, "{Peer} {What}; closing the connection")]
    public static partial void PeerTooSlow(ILogger logger, string peer, string what);

    [LoggerMessage(EventIds.ConnectionDefect, LogLevel.Error, "internal error on the connection from {Peer}; closing it")]
    public static partial void ConnectionDefect(ILogger logger, string peer, Exception exception);

    [LoggerMessage(EventIds.DoorFull, LogLevel.Error, "no place for another connection, from {Peer}: {Count} are open; closing it")]
    public static partial void DoorFull(ILogger logger, string peer, int count);

    [LoggerMessage(EventIds.Repeated, LogLevel.Warning, "{Count} more lines of this kind were left out: {What}")]
    public static partial void Repeated(ILogger logger, long count, string what);

    [LoggerMessage(EventIds.UnknownMap, LogLevel.Warning, "{Peer} asks for the map {Map}; the one here is called recipients, as in socketmap:inet:HOST:PORT:recipients")]
    public static partial void UnknownMap(ILogger logger, string peer, string map);

    [LoggerMessage(EventIds.WrongDoor, LogLevel.Warning, "{Door} door {Address}: what {Peer} sent looks like {What}; {Advice}; {Then}")]
    public static partial void WrongDoor(ILogger logger, string door, string address, string peer, string what, string advice, string then);

    [LoggerMessage(EventIds.NoRoute, LogLevel.Warning, "socketmap: no route for the domain {Domain}, whose mail no_route = \"{Setting}\" {Does}; give it a [[route]], or take it out of relay_domains. Said once an hour")]
    public static partial void NoRoute(ILogger logger, string domain, string setting, string does);

    [LoggerMessage(EventIds.DataNotAsked, LogLevel.Warning, "policy: {Messages} messages passed RCPT and not one was seen at DATA; with answer_at = \"data\" the same check_policy_service must stand in smtpd_data_restrictions too, for without it unknown recipients are let in. No matter where these clients all left after RCPT")]
    public static partial void DataNotAsked(ILogger logger, int messages);

    [LoggerMessage(EventIds.BackendTrouble, LogLevel.Warning, "route {Route}: server={Server} stage={Stage}: {Trouble}")]
    public static partial void BackendTrouble(ILogger logger, string route, string server, string stage, string trouble);

    [LoggerMessage(EventIds.SessionDefect, LogLevel.Error, "internal error in a session with {Server}")]
    public static partial void SessionDefect(ILogger logger, string server, Exception exception);

    [LoggerMessage(EventIds.Calibrated, LogLevel.Information, "domain={Domain} server={Server}: unknown users are refused at {Target}: reply=\"{Reply}\"")]
    public static partial void Calibrated(ILogger logger, string domain, string server, string target, string reply);

    [LoggerMessage(EventIds.NotCalibrated, LogLevel.Warning, "domain={Domain} server={Server}: {Result}; recipients that it accepts are marked accept_all: reply=\"{Reply}\"")]
    public static partial void NotCalibrated(ILogger logger, string domain, string server, string result, string reply);

    [LoggerMessage(EventIds.PoolShrunk, LogLevel.Warning, "server={Server} finds our sessions too many: {Allowed} at most for now, one more each {GrowInterval}: {Reply}")]
    public static partial void PoolShrunk(ILogger logger, string server, int allowed, TimeSpan growInterval, string reply);

    [LoggerMessage(EventIds.ClearTextInstead, LogLevel.Warning, "server={Server}: TLS failed, asking in clear text as tls = \"may\" allows; this is said once: {Trouble}")]
    public static partial void ClearTextInstead(ILogger logger, string server, string trouble);

    [LoggerMessage(EventIds.BackendDown, LogLevel.Error, "server={Server} IS DOWN and is passed over: {Failures} probes in a row failed, the last one at {Stage}: {Trouble}")]
    public static partial void BackendDown(ILogger logger, string server, int failures, string stage, string trouble);

    [LoggerMessage(EventIds.BackendBack, LogLevel.Information, "server={Server} is back, after {Time}")]
    public static partial void BackendBack(ILogger logger, string server, TimeSpan time);

    [LoggerMessage(EventIds.NoMx, LogLevel.Warning, "route {Route}: domain={Domain} has no server to ask: {Trouble}")]
    public static partial void NoMx(ILogger logger, string route, string domain, string trouble);

    [LoggerMessage(EventIds.NextHopNotAsked, LogLevel.Information, "next hop {NextHop} is not asked: {Trouble}")]
    public static partial void NextHopNotAsked(ILogger logger, string nextHop, string trouble);

    [LoggerMessage(EventIds.ProbesHeldBack, LogLevel.Warning, "route {Route}: {Cap} held back {Count} probes since the last such line, {Waiting} wait now")]
    public static partial void ProbesHeldBack(ILogger logger, string route, string cap, long count, int waiting);

    [LoggerMessage(EventIds.StoreOpened, LogLevel.Information, "cache store {File}: opened, {Rows} verdicts")]
    public static partial void StoreOpened(ILogger logger, string file, long rows);

    [LoggerMessage(EventIds.StoreTrouble, LogLevel.Warning, "cache store {File}: {Trouble}; verdicts are kept in memory meanwhile and lost by a restart, the store is tried again every few seconds. {Advice}")]
    public static partial void StoreTrouble(ILogger logger, string file, string trouble, string advice);

    [LoggerMessage(EventIds.StoreShared, LogLevel.Warning, "cache store {File}: {Process} has it open too. Give each daemon a file of its own: each has its own memory, and cache commands reach one of them only")]
    public static partial void StoreShared(ILogger logger, string file, string process);

    [LoggerMessage(EventIds.StoreRecovered, LogLevel.Information, "cache store {File}: works again")]
    public static partial void StoreRecovered(ILogger logger, string file);

    [LoggerMessage(EventIds.StoreSetAside, LogLevel.Error, "cache store {File} {Why}; moved to {Aside}, beginning a new one")]
    public static partial void StoreSetAside(ILogger logger, string file, string why, string aside);

    [LoggerMessage(EventIds.StoreTooSlow, LogLevel.Warning, "cache store {File}: {Count} verdicts were given up, more are learnt than it can be told; they are in memory only")]
    public static partial void StoreTooSlow(ILogger logger, string file, long count);

    [LoggerMessage(EventIds.StoreLoaded, LogLevel.Information, "cache store {File}: {Count} verdicts are in memory after {Milliseconds} ms")]
    public static partial void StoreLoaded(ILogger logger, string file, long count, long milliseconds);

    [LoggerMessage(EventIds.StoreDefect, LogLevel.Error, "internal error in the cache store {File}")]
    public static partial void StoreDefect(ILogger logger, string file, Exception exception);

    [LoggerMessage(EventIds.RedisDown, LogLevel.Error, "redis {Endpoints} IS AWAY: {Trouble}. Memory and probes go on, each node for itself; what is learnt meanwhile is written when it is back")]
    public static partial void RedisDown(ILogger logger, string endpoints, string trouble);

    [LoggerMessage(EventIds.RedisUp, LogLevel.Information, "redis {Endpoints}: in use")]
    public static partial void RedisUp(ILogger logger, string endpoints);

    [LoggerMessage(EventIds.RedisBack, LogLevel.Information, "redis {Endpoints} is back, after {Time}")]
    public static partial void RedisBack(ILogger logger, string endpoints, TimeSpan time);

    [LoggerMessage(EventIds.RedisGarbage, LogLevel.Warning, "redis {Endpoints}: {What}; passed over. {Held} more such lines were left out")]
    public static partial void RedisGarbage(ILogger logger, string endpoints, string what, long held);

    [LoggerMessage(EventIds.RedisRefused, LogLevel.Error, "redis {Endpoints} answers with an error: {Error}. {Held} more such lines were left out")]
    public static partial void RedisRefused(ILogger logger, string endpoints, string error, long held);

    [LoggerMessage(EventIds.RedisPendingLost, LogLevel.Warning, "redis {Endpoints}: {Count} changes were given up, too many wait for it to come back")]
    public static partial void RedisPendingLost(ILogger logger, string endpoints, long count);

    [LoggerMessage(EventIds.RedisDefect, LogLevel.Error, "internal error around redis {Endpoints}")]
    public static partial void RedisDefect(ILogger logger, string endpoints, Exception exception);

    [LoggerMessage(EventIds.RedisForbidden, LogLevel.Error, "redis {Endpoints} does not permit a change: {Error}. It is given up; {Held} more such lines were left out. Check the rights of its user")]
    public static partial void RedisForbidden(ILogger logger, string endpoints, string error, long held);

    [LoggerMessage(EventIds.Listening, LogLevel.Information, "{Door}: listening on {Address}")]
    public static partial void Listening(ILogger logger, string door, string address);

    [LoggerMessage(EventIds.Reloaded, LogLevel.Information, "configuration {File} read again: {Routes}")]
    public static partial void Reloaded(ILogger logger, string file, string routes);

    [LoggerMessage(EventIds.ReloadFailed, LogLevel.Error, "configuration not reloaded, the old one stays in force: {Errors}")]
    public static partial void ReloadFailed(ILogger logger, string errors);

    [LoggerMessage(EventIds.RestartNeeded, LogLevel.Warning, "a changed {Setting} takes effect at the next restart")]
    public static partial void RestartNeeded(ILogger logger, string setting);

    [LoggerMessage(EventIds.Stopping, LogLevel.Information, "stopping: answering what is under way")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(EventIds.Started, LogLevel.Information, "started, version {Version}, {Routes}")]
    public static partial void Started(ILogger logger, string version, string routes);

    [LoggerMessage(EventIds.StaleSocketRemoved, LogLevel.Warning, "removed the socket file {Path}: nobody listens on it")]
    public static partial void StaleSocketRemoved(ILogger logger, string path);

    [LoggerMessage(EventIds.AdminDoorTaken, LogLevel.Warning, "admin: cannot listen on {Address} ({Trouble}), mail is served without it; set [admin] {Key}, empty for none")]
    public static partial void AdminDoorTaken(ILogger logger, string address, string trouble, string key);

    [LoggerMessage(EventIds.AdminTokenExposed, LogLevel.Warning, "admin: {Exposed}; unless this is a container of its own: chmod 0600")]
    public static partial void AdminTokenExposed(ILogger logger, string exposed);
}
