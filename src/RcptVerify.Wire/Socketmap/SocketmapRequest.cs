using System.Buffers;
using System.Numerics;

namespace RcptVerify.Wire.Socketmap;

/// <summary>
/// One socketmap request, filled by <see cref="SocketmapRequestParser"/>: one object per connection, used again for each
/// request. It owns a copy of the bytes, so they stay readable after the connection's input was released, until the
/// next request is parsed into it or it is reset.
/// </summary>
/// <remarks>
/// It starts without buffers; they grow with the requests, at most to <see cref="SocketmapLimits.MaxRequestBytes"/>
/// rounded up to a power of two. Not thread-safe.
/// </remarks>
public sealed class SocketmapRequest
{
    private const int MinBufferBytes = 256;

    // What a connection may keep between two requests: an address has 320 bytes at most.
    private const int MaxRetainedBytes = 512;

    private byte[] _bytes = [];
    private byte[] _unquoted = [];
    private int _space;
    private int _length;

    /// <summary>The map's name, what stands behind the last colon of Postfix's <c>socketmap:inet:host:port:name</c>.</summary>
    public ReadOnlyMemory<byte> Map => _bytes.AsMemory(0, _space);

    /// <summary>The look-up key as it was sent.</summary>
    public ReadOnlyMemory<byte> Key => _length == 0 ? default : _bytes.AsMemory(_space + 1, _length - _space - 1);

    /// <summary>
    /// The key as a mail address in internal form. Postfix looks an address up in external form first, its local part quoted
    /// where it must be (<c>"two words"@example.com</c>; mail_addr_find.c, MA_FORM_EXTERNAL_FIRST), and then in internal form. A key
    /// that is neither is given as it is.
    /// </summary>
    public ReadOnlyMemory<byte> Address
    {
        get
        {
            ReadOnlyMemory<byte> key = Key;
            if (key.IsEmpty || key.Span[0] != (byte)'"')
                return key;
            EnsureSize(ref _unquoted, key.Length);
            return TryUnquote(key.Span, _unquoted, out int length) ? _unquoted.AsMemory(0, length) : key;
        }
    }

    /// <summary>Forgets the request. Keeps buffers of usual size, releases larger ones.</summary>
    public void Reset()
    {
        Forget();
        if (_bytes.Length > MaxRetainedBytes)
            _bytes = [];
        if (_unquoted.Length > MaxRetainedBytes)
            _unquoted = [];
    }

    internal void Forget()
    {
        _space = 0;
        _length = 0;
    }

    internal bool TryFill(in ReadOnlySequence<byte> payload, out WireError error)
    {
        int length = (int)payload.Length;
        EnsureSize(ref _bytes, length);
        payload.CopyTo(_bytes);
        ReadOnlySpan<byte> bytes = _bytes.AsSpan(0, length);
        int space = bytes.IndexOf((byte)' ');
        error = bytes.Contains((byte)0) ? WireError.SocketmapNul : space < 0 ? WireError.SocketmapNoKey : WireError.None;
        if (error != WireError.None)
            return false;
        _space = space;
        _length = length;
        return true;
    }

    // Quoted-string "@" domain, RFC 5321 section 4.1.2: a backslash takes the next byte as it is. False where the quotes do
    // not end right before the last "@": then the address is no external form.
    private static bool TryUnquote(ReadOnlySpan<byte> key, Span<byte> destination, out int length)
    {
        length = 0;
        int at = key.LastIndexOf((byte)'@');
        for (int i = 1; i < at; i++)
        {
            if (key[i] == (byte)'"')
            {
                if (i != at - 1)
                    return false;
                key[at..].CopyTo(destination[length..]);
                length += key.Length - at;
                return true;
            }

            if (key[i] == (byte)'\\' && ++i == at)
                return false;
            destination[length++] = key[i];
        }

        return false;
    }

    private static void EnsureSize(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new byte[BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, MinBufferBytes))];
    }
}
