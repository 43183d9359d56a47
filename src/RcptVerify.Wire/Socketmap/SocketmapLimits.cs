namespace RcptVerify.Wire.Socketmap;

/// <summary>
/// What a socketmap client may send. Postfix sends look-up keys of any length before 3.12 and of 10000 bytes since
/// (dict_sockmap.c); ours is what an SMTP command can carry.
/// </summary>
public sealed record SocketmapLimits
{
    /// <summary>
    /// The longest text of a reply in bytes. Postfix takes 100000 for the whole reply (dict_sockmap.c,
    /// DICT_SOCKMAP_MAX_REPLY; socketmap_max_reply_size since 3.10), but an address or a reason is a line: 5120 holds
    /// any key that we take.
    /// </summary>
    public const int MaxTextBytes = 5 * 1024;

    /// <summary>The defaults.</summary>
    public static SocketmapLimits Default { get; } = new();

    /// <summary>
    /// The longest request in bytes: map name, space and key, without the netstring's length and comma. 1 to 99999,
    /// default 4352: a key of 4096, twice Postfix's line_length_limit of 2048 since quoting at most doubles, and a map name.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1 or more than 99999.</exception>
    public int MaxRequestBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 99_999);
            field = value;
        }
    } = 4352;
}
