namespace RcptVerify.Wire.Policy;

/// <summary>
/// What a policy client may send. Postfix itself puts no limit on what it sends (attr_print_plain.c), so these are
/// ours: far above anything it can produce, small enough that a hostile peer cannot hold memory.
/// </summary>
public sealed record PolicyLimits
{
    /// <summary>
    /// The longest action text in bytes. Postfix cuts the SMTP reply it builds from it at 510 bytes
    /// (smtpd_check.c, smtpd_check_reject); more would never be seen.
    /// </summary>
    public const int MaxActionBytes = 510;

    /// <summary>The defaults.</summary>
    public static PolicyLimits Default { get; } = new();

    /// <summary>
    /// The longest line in bytes, its newline not counted. Default 16 KiB: the longest value a mail client can put
    /// into a request is a SASL user name, decoded from at most 12288 bytes (smtpd_sasl_response_limit); SMTP
    /// commands end at 2048 (line_length_limit).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxLineBytes { get; init => field = AtLeastOne(value); } = 16 * 1024;

    /// <summary>The most lines of one request. Default 256: eight times what Postfix 3.12 sends.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxAttributes { get; init => field = AtLeastOne(value); } = 256;

    /// <summary>The longest request in bytes, its empty line included. Default 64 KiB: some fifty times the usual.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxRequestBytes { get; init => field = AtLeastOne(value); } = 64 * 1024;

    private static int AtLeastOne(int value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
        return value;
    }
}
