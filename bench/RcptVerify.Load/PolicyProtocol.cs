namespace RcptVerify.Load;

/// <summary>The policy protocol (SMTPD_POLICY_README): the kind of an answer is its action.</summary>
internal sealed class PolicyProtocol(PolicyRequestWriter writer) : RequestProtocol
{
    public override int MaximumLength => writer.MaximumLength;

    public override int Write(Span<byte> destination, int serial, int recipient, bool known) =>
        writer.Write(destination, serial, recipient, known);

    public override bool TryRead(ReadOnlySpan<byte> input, out int length, out ReadOnlySpan<byte> kind)
    {
        int end = input.IndexOf("\n\n"u8);
        length = end + 2;
        kind = default;
        if (end < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> answer = input[..end];
        answer = answer.StartsWith("action="u8) ? answer[7..] : answer;
        int word = answer.IndexOfAny((byte)' ', (byte)'\n');
        kind = word < 0 ? answer : answer[..word];
        return true;
    }
}
