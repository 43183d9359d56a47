namespace RcptVerify.Configuration;

/// <summary>What values must be to each other, beyond each being possible alone.</summary>
internal sealed class OptionsRules(SettingStore store, ErrorList errors)
{
    private readonly SettingReader _sections = new(store.Sections);

    /// <summary>Adds an error for each rule that is broken, at the value that somebody wrote.</summary>
    public void Check()
    {
        CheckTimes(_sections);
        CheckSockets();
        CheckAdmin();
        CheckNextHops();
        CheckRedis();
        NotYetAvailable.Check(store.Sections, errors);
        var routed = new Dictionary<string, Origin>(StringComparer.Ordinal);
        foreach (SettingScope route in store.Routes)
        {
            CheckTimes(new SettingReader(store.Sections, route));
            CheckServers(route);
            CheckDomains(route, routed);
            CheckEndOfData(route);
            CheckTls(route);
            NotYetAvailable.Check(route, errors);
        }
    }

    private void CheckTimes(SettingReader reader)
    {
        CheckOrder(reader, Keys.Times.PositiveRefresh, Keys.Times.PositiveExpire);
        CheckOrder(reader, Keys.Times.NegativeRecheck, Keys.Times.NegativeRefresh);
        CheckOrder(reader, Keys.Times.NegativeRefresh, Keys.Times.NegativeExpire);
        CheckOrder(reader, Keys.Probes.ConnectTimeout, Keys.Probes.Timeout);
    }

    private void CheckOrder(SettingReader reader, Key<TimeSpan> shorter, Key<TimeSpan> longer)
    {
        Setting? shorterSetting = reader.Find(shorter);
        Setting? longerSetting = reader.Find(longer);
        bool readable = shorterSetting is not { Read: null } && longerSetting is not { Read: null };
        TimeSpan shorterTime = reader.Get(shorter);
        TimeSpan longerTime = reader.Get(longer);
        if (!readable || shorterTime <= longerTime)
            return;
        if (reader.IsOwn(shorter))
            errors.Add(shorterSetting!.Raw!.Origin, $"{Told(shorter, shorterTime)} must not be longer than {Told(longer, longerTime)}");
        else if (reader.IsOwn(longer))
            errors.Add(longerSetting!.Raw!.Origin, $"{Told(longer, longerTime)} must not be shorter than {Told(shorter, shorterTime)}");
    }

    private static string Told(Key key, TimeSpan time) => $"{key.Name} ({PostfixDuration.Format(time)})";

    /// <summary>The string is never quoted: it may hold a password.</summary>
    private void CheckRedis()
    {
        if (_sections.Find(Keys.Times.Redis) is { Raw: { } raw, Read.Value: string { Length: > 0 } text } && RedisSyntax.Problem(text) is string problem)
            errors.Add(raw.Origin, $"redis is no connection string in StackExchange.Redis' notation: {problem}");
        string redis = _sections.Get(Keys.Times.Redis);
        if (redis.Length > 0 && _sections.Get(Keys.Times.RedisCertFile).Length == 0 && IsSet(Keys.Times.RedisKeyFile, out Origin keyOrigin))
            errors.Add(keyOrigin, "redis_key_file needs redis_cert_file, the certificate that the key belongs to");
        foreach (Key<string> file in new[] { Keys.Times.RedisCaFile, Keys.Times.RedisCertFile })
        {
            if (IsSet(file, out Origin origin) && RedisSyntax.IsClearText(redis))
                errors.Add(origin, $"{file.Name} needs ssl=true in redis: without it nothing is encrypted, and no certificate is looked at");
        }
    }

    private bool IsSet(Key<string> key, out Origin origin)
    {
        Setting? setting = _sections.Find(key);
        origin = setting?.Raw?.Origin ?? default;
        return setting is { Raw: not null, Read.Value: string { Length: > 0 } };
    }

    private void CheckSockets()
    {
        var doors = new Dictionary<ListenAddress, string>();
        Key<IReadOnlyList<ListenAddress>>[] keys = [Keys.PolicyDoor.Listen, Keys.MilterDoor.Listen, Keys.SocketmapDoor.Listen];
        foreach (Key<IReadOnlyList<ListenAddress>> key in keys)
        {
            IReadOnlyList<ListenAddress> addresses = _sections.Get(key);
            for (int i = 0; i < addresses.Count; i++)
                CheckSocket(doors, addresses[i], key, i);
        }
        if (_sections.Get(Keys.AdminDoor.Listen) is { } admin)
            CheckSocket(doors, admin, Keys.AdminDoor.Listen, 0);
    }

    /// <summary>The token is never quoted: messages reach the log.</summary>
    private void CheckAdmin()
    {
        if (_sections.Get(Keys.AdminDoor.Listen) is { } listen && !IsLoopback(listen))
            errors.Add(_sections.Find(Keys.AdminDoor.Listen)!.Raw!.Origin, "expected a loopback address like \"inet:127.0.0.1:10080\": whoever reaches this socket learns who exists");
        string token = _sections.Get(Keys.AdminDoor.Token);
        if (token.Length > 0 && !AdminTokenSyntax.IsToken(token))
            errors.Add(_sections.Find(Keys.AdminDoor.Token)!.Raw!.Origin, "expected " + AdminTokenSyntax.Description);
        if (token.Length > 0 && _sections.Find(Keys.AdminDoor.TokenFile) is { Raw: { } file, Read.Value: string { Length: > 0 } })
            errors.Add(file.Origin, "token is set as well: there is one token, here or in its file");
        string socket = _sections.Get(Keys.AdminDoor.Socket);
        if (socket.Length > 0 && !ListenAddress.TryParse("unix:" + socket, out _))
            errors.Add(_sections.Find(Keys.AdminDoor.Socket)!.Raw!.Origin, "the path of a Unix socket has at most 107 bytes");
    }

    private void CheckNextHops()
    {
        bool readable = _sections.Find(Keys.MilterDoor.RouteFromRcptHostNetworks) is not { Read: null };
        if (_sections.Get(Keys.MilterDoor.RouteFromRcptHost) && readable && _sections.Get(Keys.MilterDoor.RouteFromRcptHostNetworks).Count == 0)
        {
            errors.Add(_sections.Find(Keys.MilterDoor.RouteFromRcptHost)!.Raw!.Origin, "route_from_rcpt_host needs route_from_rcpt_host_networks, "
                + "the networks of the servers that may be asked");
        }
    }

    private static bool IsLoopback(ListenAddress listen) =>
        listen.Kind == ListenAddressKind.Inet && System.Net.IPAddress.TryParse(listen.Host, out System.Net.IPAddress? ip) && System.Net.IPAddress.IsLoopback(ip);

    private void CheckSocket(Dictionary<ListenAddress, string> doors, ListenAddress address, Key key, int index)
    {
        bool free = address is { Kind: ListenAddressKind.Inet, Port: 0 } || doors.TryAdd(address, key.Section);
        if (!free && _sections.Find(key)?.Raw is { } raw)
            errors.Add(ItemOrigin(raw, index), $"{Shown.Quoted(address.ToString())} is already a socket of [{doors[address]}]");
    }

    private void CheckServers(SettingScope route)
    {
        Setting? servers = route.Find(Keys.Routes.Servers);
        Setting? mx = route.Find(Keys.Routes.Mx);
        if (servers is { Read: null } || mx is { Read: null })
            return;
        bool named = servers is { Read.Value: IReadOnlyList<ServerAddress> { Count: > 0 } };
        bool looked = mx is { Read.Value: true };
        if (named && looked)
            errors.Add(mx!.Raw!.Origin, "a route has either servers or mx = true, not both");
        else if (!named && !looked)
            errors.Add(servers?.Raw?.Origin ?? route.Origin, "the route names no servers");
        bool anyDomain = route.Find(Keys.Routes.MxAnyDomain) is { Read.Value: true };
        if (looked && !anyDomain && route.Find(Keys.Routes.Domains) is { Read.Value: IReadOnlyList<string> domains } && domains.Contains("*"))
        {
            errors.Add(mx!.Raw!.Origin, "with mx = true for the domain \"*\" strangers choose the servers that are asked: "
                + "name the domains, or allow it with mx_any_domain = true");
        }
    }

    /// <summary>The secret is never quoted: messages reach the log.</summary>
    private void CheckEndOfData(SettingScope route)
    {
        string secret = route.Find(Keys.Routes.EodSecret) is { Read.Value: string text } ? text : "";
        if (secret.Length > 0 && (secret.Length is < 8 or > 128 || secret.Any(c => c is <= ' ' or > '~')))
            errors.Add(route.Find(Keys.Routes.EodSecret)!.Raw!.Origin, "expected 8 to 128 printable ASCII characters without spaces");
        if (secret.Length == 0 && route.Find(Keys.Routes.Target) is { Raw: { } raw, Read.Value: Verification.ProbeTarget.Eod })
            errors.Add(raw.Origin, "target \"eod\" needs eod_secret, and the transport rule that deletes the probes by it");
    }

    private void CheckDomains(SettingScope route, Dictionary<string, Origin> routed)
    {
        Setting? setting = route.Find(Keys.Routes.Domains);
        if (setting is { Read: null })
            return;
        if (setting is not { Raw: { } raw, Read.Value: IReadOnlyList<string> { Count: > 0 } domains })
        {
            errors.Add(setting?.Raw?.Origin ?? route.Origin, "the route names no domains");
            return;
        }
        for (int i = 0; i < domains.Count; i++)
        {
            Origin origin = ItemOrigin(raw, i);
            if (!routed.TryAdd(domains[i], origin))
                errors.Add(origin, $"{Shown.Quoted(domains[i])} already has a route at {routed[domains[i]]}");
        }
    }

    private void CheckTls(SettingScope route)
    {
        bool hasCertificate = route.Find(Keys.Routes.TlsCertFile) is { } certificate and not { Read.Value: "" };
        if (!hasCertificate && route.Find(Keys.Routes.TlsKeyFile) is { Raw: { } raw, Read.Value: string { Length: > 0 } })
            errors.Add(raw.Origin, "tls_key_file needs tls_cert_file, the certificate that the key belongs to");
    }

    // A list that was read has as many values as items; an untyped one has its variable's place only.
    private static Origin ItemOrigin(RawValue raw, int index) => raw.Shape == ValueShape.List ? raw.Items[index].Origin : raw.Origin;
}
