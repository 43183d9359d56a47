using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using RcptVerify.Verification;

namespace RcptVerify.Configuration;

/// <summary>The kinds of value the keys have.</summary>
internal static partial class KeyTypes
{
    private static readonly ValueShape[] Text = [ValueShape.Text];

    public static ScalarType<bool> Boolean { get; } =
        new("true or false", [ValueShape.Boolean], bool.TryParse, "true", "false");

    public static ListType<ListenAddress> ListenList { get; } =
        new("a list of sockets, each \"inet:HOST:PORT\" or \"unix:/path\"",
            new("\"inet:HOST:PORT\" with a port from 0 to 65535, or \"unix:/path\"", Text, ListenAddress.TryParse!));

    public static ScalarType<ListenAddress?> OptionalListen { get; } =
        new("\"inet:HOST:PORT\", \"unix:/path\" or \"\"", Text, Optional<ListenAddress>(ListenAddress.TryParse!));

    public static ScalarType<UnixFileMode> SocketMode { get; } =
        new("an octal file mode in quotes, \"0000\" to \"0777\"", Text, TryFileMode);

    // The names useradd(8) accepts, and plain group numbers.
    public static ScalarType<string> Group { get; } =
        new("a group name, a group number or \"\"", Text, Matching(GroupPattern()));

    public static ListType<IPNetwork> Networks { get; } =
        new("a list of networks, each \"192.0.2.0/24\" or \"192.0.2.1\"",
            new("a network like \"192.0.2.0/24\" or an address like \"192.0.2.1\"", Text, TryNetwork));

    public static ScalarType<string> RefusalReply { get; } = new(
        "a reply like \"550 5.1.1 User unknown\": 4xx or 5xx, an enhanced code of the same class, text in printable ASCII, at most 510 characters",
        Text,
        (string text, out string value) => (value = text).Length <= 510 && RefusalPattern().IsMatch(text));

    public static ScalarType<string> Store { get; } =
        new("\"memory\" or \"sqlite:/path\"", Text, Matching(StorePattern()), "memory");

    public static ScalarType<string> OptionalFile { get; } = new("an absolute path or \"\"", Text, Matching(FilePattern()));

    public static ScalarType<TlsVersion> TlsVersions { get; } =
        new("one of \"1.0\", \"1.1\", \"1.2\", \"1.3\"", Text, TryTlsVersion, "1.0", "1.1", "1.2", "1.3");

    // Never refused by its text, and so never quoted in a message: it may hold a password.
    public static ScalarType<string> AnyText { get; } =
        new("a string", Text, (string text, out string value) => (value = text) is not null);

    public static ScalarType<string> OptionalHostName { get; } =
        new("a host name, an address literal like \"[192.0.2.1]\", or \"\"", Text, MailNames.TryHelo);

    public static ScalarType<string> OptionalSender { get; } =
        new("a mail address, \"<>\" for the null sender, or \"\"", Text, MailNames.TrySender);

    public static ScalarType<string> OptionalAddress { get; } = new(
        "a mail address or \"\"", Text,
        (string text, out string value) => (value = text).Length == 0 || (text.Contains('@', StringComparison.Ordinal) && MailNames.TryAcceptEntry(text, out value)));

    public static ScalarType<RateLimit?> OptionalRateLimit { get; } =
        new("COUNT/PERIOD like \"100/1h\", or \"\"", Text,
            Optional<RateLimit>((string text, out RateLimit value) => RateLimit.TryParse(text, out value!)));

    public static ListType<string> DomainPatterns { get; } =
        new("a list of domains", new("a domain, \".domain\" for all its subdomains, or \"*\"", Text, MailNames.TryDomainPattern));

    public static ListType<ServerAddress> Servers { get; } =
        new("a list of servers, each \"HOST:PORT\"", new("HOST:PORT, HOST or [IPv6]:PORT, with a port from 1 to 65535", Text, ServerAddress.TryParse!));

    public static ListType<IPEndPoint> DnsServers { get; } =
        new("a list of DNS servers, each \"192.0.2.53\", \"192.0.2.53:53\" or \"[2001:db8::53]:53\"",
            new("a DNS server's address like \"192.0.2.53\" or \"[2001:db8::53]:53\"", Text, TryDnsServer));

    public static ListType<string> AcceptList { get; } =
        new("a list of local parts and addresses", new("a local part or a mail address", Text, MailNames.TryAcceptEntry));

    public static ListType<ReplyPattern> ReplyPatterns { get; } =
        new("a list of replies, each like \"550 5.7.1 no mailbox here\"", new(ReplyPattern.Description, Text, ReplyPattern.TryParse));

    public static ListType<ReplyPattern> RefusalPatterns { get; } =
        new("a list of replies, each like \"550 5.7.1 no mailbox here\"", new(ReplyPattern.RefusalDescription, Text, ReplyPattern.TryParseRefusal));

    public static ScalarType<string> Delimiters { get; } =
        new("up to eight characters that an unquoted local part can have, neither letters nor digits, or \"\"", Text, Matching(DelimiterPattern()));

    // The client of a policy server waits 100 s (smtpd_policy_service_timeout), that of a socketmap as long: answer before it gives up.
    public static ScalarType<TimeSpan> LookupBudget { get; } = Duration("1s", "90s");

    public static ScalarType<TimeSpan> CacheTime { get; } = Duration("1s", "3650d");

    /// <summary>A duration between two bounds in Postfix's notation, which are allowed themselves.</summary>
    public static ScalarType<TimeSpan> Duration(string min, string max)
    {
        _ = PostfixDuration.TryParse(min, out TimeSpan least);
        _ = PostfixDuration.TryParse(max, out TimeSpan most);
        return new($"a duration from {min} to {max}, like \"30s\", \"5m\", \"3h\" or \"7d\"", [ValueShape.Text, ValueShape.Integer],
            (string text, out TimeSpan value) => PostfixDuration.TryParse(text, out value) && value >= least && value <= most);
    }

    /// <summary>A whole number between two bounds, which are allowed themselves.</summary>
    public static ScalarType<int> Integer(int min, int max) => new(
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"), [ValueShape.Integer],
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= min && value <= max);

    /// <summary>One word of an enumeration, in lower case with underscores.</summary>
    public static ScalarType<T> OneOf<T>() where T : struct, Enum
    {
        T[] values = Enum.GetValues<T>();
        string[] words = [.. values.Select(value => WordStart().Replace(value.ToString(), "_$0").ToLowerInvariant())];
        return new($"one of {string.Join(", ", words.Select(word => $"\"{word}\""))}", Text, Read, words);

        bool Read(string text, out T value)
        {
            int index = Array.IndexOf(words, text);
            value = index < 0 ? default : values[index];
            return index >= 0;
        }
    }

    private static ScalarReader<T?> Optional<T>(ScalarReader<T> read) where T : class => (string text, out T? value) =>
    {
        value = null;
        return text.Length == 0 || read(text, out value);
    };

    private static ScalarReader<string> Matching(Regex pattern) => (string text, out string value) => pattern.IsMatch(value = text);

    private static bool TryFileMode(string text, out UnixFileMode mode)
    {
        mode = FileModePattern().IsMatch(text) ? (UnixFileMode)Convert.ToInt32(text, 8) : default;
        return FileModePattern().IsMatch(text);
    }

    private static bool TryTlsVersion(string text, out TlsVersion version)
    {
        TlsVersion? known = text switch
        {
            "1.0" => TlsVersion.Tls10,
            "1.1" => TlsVersion.Tls11,
            "1.2" => TlsVersion.Tls12,
            "1.3" => TlsVersion.Tls13,
            _ => null,
        };
        version = known.GetValueOrDefault();
        return known is not null;
    }

    private static bool TryDnsServer(string text, out IPEndPoint server)
    {
        server = null!;
        if (text.AsSpan().IndexOfAny('.', ':') < 0 || !IPEndPoint.TryParse(text, out IPEndPoint? read))
            return false;
        server = read.Port == 0 ? new IPEndPoint(read.Address, 53) : read;
        return true;
    }

    // Postfix's mynetworks refuses bits behind the prefix too: they are a slip in one of the two.
    private static bool TryNetwork(string text, out IPNetwork network)
    {
        network = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string host = slash < 0 ? text : text[..slash];
        if (host.AsSpan().IndexOfAny('.', ':') < 0 || !IPAddress.TryParse(host, out IPAddress? address))
            return false;
        if (slash >= 0)
            return IPNetwork.TryParse(text, out network) && network.BaseAddress.Equals(address);
        network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
        return true;
    }

    [GeneratedRegex(@"\A0?[0-7]{3}\z")]
    private static partial Regex FileModePattern();

    [GeneratedRegex(@"\A([a-z_][a-z0-9_-]{0,31}|[0-9]{1,9})?\z")]
    private static partial Regex GroupPattern();

    // RFC 5321 4.2 and RFC 3463 2; Postfix answers "450 4.7.1 Service unavailable" to an action it cannot read.
    [GeneratedRegex(@"\A([45])[0-5][0-9] \1\.[0-9]{1,3}\.[0-9]{1,3} [!-~]([ -~]*[!-~])?\z")]
    private static partial Regex RefusalPattern();

    [GeneratedRegex(@"\A(memory|sqlite:/[^\p{Cc}]+)\z")]
    private static partial Regex StorePattern();

    // RFC 5321 4.1.2: what an unquoted local part has beside letters and digits.
    [GeneratedRegex(@"\A[-!#$%&'*+/=?^_`{|}~.]{0,8}\z")]
    private static partial Regex DelimiterPattern();

    [GeneratedRegex(@"\A(/[^\p{Cc}]+)?\z")]
    private static partial Regex FilePattern();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordStart();
}
