using System.Text.Json;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.Cli;

/// <summary>What <c>effective</c> says of one service.</summary>
internal sealed record EffectiveTls
{
    private const int MaxHops = 5;

    /// <summary>As master.cf writes it: NAME/TYPE.</summary>
    public required string Service { get; init; }

    /// <summary>smtpd, postscreen, smtp or lmtp.</summary>
    public required string Daemon { get; init; }

    /// <summary>The level in force.</summary>
    public required string Level { get; init; }

    /// <summary>Whether TLS is negotiated at all.</summary>
    public required bool IsOn { get; init; }

    /// <summary>What can be negotiated, oldest first; empty where TLS is off.</summary>
    public required IReadOnlyList<string> Protocols { get; init; }

    /// <summary>What Postfix gives to OpenSSL; empty where TLS is off.</summary>
    public required string CipherList { get; init; }

    /// <summary>The suites up to TLS 1.2 that <see cref="CipherList"/> selects; null where the library's are not known.</summary>
    public required IReadOnlyList<string>? Ciphers { get; init; }

    /// <summary>Whether AUTH is offered inside TLS only.</summary>
    public required bool AuthOnly { get; init; }

    /// <summary>Where the parameters that decide were set: FILE:LINE by name; those at their defaults are left out, unless the default repeats one that was set.</summary>
    public required IReadOnlyList<(string Name, string Source)> Sources { get; init; }

    /// <summary>What differs while all processes are busy, see STRESS_README; null for nothing.</summary>
    public EffectiveTls? UnderStress { get; init; }

    /// <summary>What a service does.</summary>
    /// <param name="service">The service.</param>
    /// <param name="stressed">The same one under stress; null where the configuration does not speak of it.</param>
    public static EffectiveTls Of(EffectiveService service, EffectiveService? stressed = null)
    {
        EffectiveTls usual = Alone(service);
        EffectiveTls? other = stressed is null ? null : Alone(stressed);
        return other is null || usual.IsLike(other) ? usual : usual with { UnderStress = other };
    }

    private bool IsLike(EffectiveTls other) => Level == other.Level && IsOn == other.IsOn && AuthOnly == other.AuthOnly
        && CipherList == other.CipherList && Protocols.SequenceEqual(other.Protocols);

    private static EffectiveTls Alone(EffectiveService service)
    {
        ServiceTls tls = service.Tls ?? throw new ArgumentException("It speaks no TLS.", nameof(service));
        TlsLists lists = tls.InForce;
        EffectiveValue? authOnly = service.IsServer && !tls.IsEnforced ? service["smtpd_tls_auth_only"] : null;
        EffectiveValue?[] values =
            [tls.LevelValue, lists.ProtocolsValue, lists.Ciphers.Grade, lists.Ciphers.List, .. lists.Ciphers.Exclusions, authOnly];
        return new EffectiveTls
        {
            Service = service.Id,
            Daemon = service.Service.Command,
            Level = TlsLevels.Text(tls.Level),
            IsOn = tls.IsActive,
            Protocols = tls.IsActive ? TlsProtocolNames.Of(service.Negotiable) : [],
            CipherList = tls.IsActive ? lists.Ciphers.Text : "",
            Ciphers = tls.IsActive ? lists.Ciphers.Suites?.Select(suite => suite.Name).ToArray() : [],
            AuthOnly = tls.AuthOnly,
            Sources = [.. values.OfType<EffectiveValue>().Select(value => Written(value, service)).Where(value => value.IsSet).DistinctBy(value => value.Name).Select(value => (value.Name, value.Source))],
        };
    }

    /// <summary>What somebody wrote behind a default that only repeats another parameter, as those of postscreen(8) do.</summary>
    private static EffectiveValue Written(EffectiveValue value, EffectiveService service)
    {
        for (int hop = 0; hop < MaxHops && !value.IsSet && NameReferences.Only(value.Raw) is string name; hop++)
            value = service[name];
        return value;
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("service", Service);
        json.WriteString("daemon", Daemon);
        WriteEffect(json);
        json.WriteStartObject("sources");
        foreach ((string name, string source) in Sources)
            json.WriteString(name, source);
        json.WriteEndObject();
        if (UnderStress is not null)
        {
            json.WriteStartObject("underStress");
            UnderStress.WriteEffect(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteEffect(Utf8JsonWriter json)
    {
        json.WriteString("level", Level);
        json.WriteString("tls", IsOn ? "on" : "off");
        WriteArray(json, "protocols", Protocols);
        json.WriteString("cipherList", CipherList);
        if (Ciphers is not null)
            WriteArray(json, "ciphers", Ciphers);
        json.WriteBoolean("authOnly", AuthOnly);
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
