using System.Buffers;
using System.Text.Unicode;

namespace RcptVerify.Wire.Policy;

/// <summary>Writes the answers of the Postfix policy delegation protocol.</summary>
public static class PolicyResponseWriter
{
    // Grammar (SMTPD_POLICY_README, "Protocol description"; access(5) for the action):
    //
    //   response = "action=" text LF LF
    //
    // Postfix replaces what is not printable and, with smtputf8_enable, refuses what is not UTF-8 (smtpd_check.c,
    // valid_utf8_action); an LF would end the answer early and leave the rest for the next request.

    private static ReadOnlySpan<byte> Prefix => "action="u8;

    private static ReadOnlySpan<byte> Suffix => "\n\n"u8;

    private static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(static control => (byte)control), 0x7f]);

    /// <summary>Whether a text can be sent: not empty, UTF-8, without ASCII control characters.</summary>
    public static bool IsValidAction(ReadOnlySpan<byte> action) =>
        !action.IsEmpty && !action.ContainsAny(Controls) && Utf8.IsValid(action);

    /// <summary>Writes one whole answer.</summary>
    /// <param name="output">Receives it.</param>
    /// <param name="action">
    /// What Postfix is to do, as in access(5). Beyond <see cref="PolicyLimits.MaxActionBytes"/> it is cut, between
    /// characters.
    /// </param>
    /// <exception cref="ArgumentException">The text is not a <see cref="IsValidAction">valid action</see>.</exception>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> action)
    {
        ArgumentNullException.ThrowIfNull(output);

        action = Check(action);
        int length = Prefix.Length + action.Length + Suffix.Length;
        Fill(output.GetSpan(length), action);
        output.Advance(length);
    }

    /// <summary>One whole answer, to be prepared once and sent often; otherwise as <see cref="Write"/>.</summary>
    /// <exception cref="ArgumentException">The text is not a <see cref="IsValidAction">valid action</see>.</exception>
    public static byte[] Encode(ReadOnlySpan<byte> action)
    {
        action = Check(action);
        byte[] response = new byte[Prefix.Length + action.Length + Suffix.Length];
        Fill(response, action);
        return response;
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> action)
    {
        if (!IsValidAction(action))
            ThrowInvalidAction();
        if (action.Length <= PolicyLimits.MaxActionBytes)
            return action;

        int end = PolicyLimits.MaxActionBytes;
        while ((action[end] & 0xc0) == 0x80) // a continuation byte: its character would be cut
            end--;
        return action[..end];
    }

    private static void Fill(Span<byte> destination, ReadOnlySpan<byte> action)
    {
        Prefix.CopyTo(destination);
        action.CopyTo(destination[Prefix.Length..]);
        Suffix.CopyTo(destination[(Prefix.Length + action.Length)..]);
    }

    private static void ThrowInvalidAction() => throw new ArgumentException(
        "An action is UTF-8 text without control characters, and not empty.", "action");
}
