namespace RcptVerify.Simulation;

/// <summary>A message the stand-in Exchange accepted and would have put into mailboxes.</summary>
/// <param name="Sender">The envelope sender; empty for the null sender.</param>
/// <param name="Recipients">The accepted envelope recipients, in the order of their RCPT commands.</param>
/// <param name="Headers">Name and unfolded value of each header field, in order, from the first 64 KiB of the message.</param>
/// <param name="Octets">The message's length after dot-unstuffing.</param>
public sealed record DeliveredMessage(
    string Sender,
    IReadOnlyList<string> Recipients,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    long Octets);
