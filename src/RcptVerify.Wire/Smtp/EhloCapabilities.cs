using System.Globalization;

namespace RcptVerify.Wire.Smtp;

/// <summary>What a server announced in its EHLO reply. To be thrown away and asked again after STARTTLS (RFC 3207 section 4.2).</summary>
public sealed record EhloCapabilities
{
    private const int ReplyPrefix = 4;

    private static readonly (string Name, EhloExtensions Extension)[] Keywords =
    [
        ("PIPELINING", EhloExtensions.Pipelining),
        ("CHUNKING", EhloExtensions.Chunking),
        ("STARTTLS", EhloExtensions.StartTls),
        ("SMTPUTF8", EhloExtensions.SmtpUtf8),
        ("8BITMIME", EhloExtensions.EightBitMime),
        ("ENHANCEDSTATUSCODES", EhloExtensions.EnhancedStatusCodes),
        ("SIZE", EhloExtensions.Size),
        ("BINARYMIME", EhloExtensions.BinaryMime),
        ("DSN", EhloExtensions.Dsn),
    ];

    /// <summary>A server that only knows HELO.</summary>
    public static EhloCapabilities None { get; } = new();

    /// <summary>The extensions announced.</summary>
    public EhloExtensions Extensions { get; init; }

    /// <summary>Largest message in octets by SIZE; null when no limit is announced (RFC 1870: no parameter, or 0).</summary>
    public long? MaxSize { get; init; }

    // RFC 5321 section 4.1.1.1:
    //   ehlo-ok-rsp  = ( "250" SP Domain [ SP ehlo-greet ] CRLF )
    //                / ( "250-" Domain [ SP ehlo-greet ] CRLF *( "250-" ehlo-line CRLF ) "250" SP ehlo-line CRLF )
    //   ehlo-line    = ehlo-keyword *( SP ehlo-param )      keywords in any case (section 2.4)

    /// <summary>Reads an EHLO reply. One that isn't 2xx announces nothing.</summary>
    public static EhloCapabilities Parse(SmtpReply ehloReply)
    {
        ArgumentNullException.ThrowIfNull(ehloReply);
        if (!ehloReply.IsPositive)
        {
            return None;
        }

        EhloExtensions extensions = EhloExtensions.None;
        long? maxSize = null;
        foreach (string line in ehloReply.Lines.Skip(1))
        {
            ReadOnlySpan<char> text = line.AsSpan(Math.Min(ReplyPrefix, line.Length)).Trim();
            int space = text.IndexOf(' ');
            ReadOnlySpan<char> keyword = space < 0 ? text : text[..space];
            EhloExtensions extension = ExtensionOf(keyword);
            extensions |= extension;
            if (extension == EhloExtensions.Size)
            {
                maxSize = ParseSize(text[keyword.Length..]);
            }
        }

        return new EhloCapabilities { Extensions = extensions, MaxSize = maxSize };
    }

    /// <summary>True when all of <paramref name="extensions"/> were announced.</summary>
    public bool Has(EhloExtensions extensions) => (Extensions & extensions) == extensions;

    private static long? ParseSize(ReadOnlySpan<char> parameter) =>
        long.TryParse(parameter.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long size) && size > 0 ? size : null;

    private static EhloExtensions ExtensionOf(ReadOnlySpan<char> keyword)
    {
        foreach ((string name, EhloExtensions extension) in Keywords)
        {
            if (keyword.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return extension;
            }
        }

        return EhloExtensions.None;
    }
}
