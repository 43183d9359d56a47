namespace RcptVerify.Load;

/// <summary>
/// Which recipient number comes next: each in turn, or at random with a fixed seed, so that two runs ask the same.
/// Every <c>unknownEvery</c>th number stands for a recipient that does not exist; 0: none does.
/// </summary>
internal sealed class RecipientSequence(int distinct, int unknownEvery, bool inTurn)
{
    private ulong _state = 0x9E3779B97F4A7C15;
    private int _next;

    /// <summary>As the command line has it: <c>-k</c> distinct recipients, every <c>-b</c>th unknown, <c>--each 1</c> in turn.</summary>
    public static RecipientSequence Of(Options options) =>
        new(options.Number("k", 10_000, 1, int.MaxValue), options.Number("b", 0, 0, int.MaxValue), options.Number("each", 0, 0, 1) == 1);

    public int Next()
    {
        if (inTurn)
        {
            int number = _next;
            _next = number + 1 == distinct ? 0 : number + 1;
            return number;
        }

        // Marsaglia's xorshift64 (13, 7, 17).
        _state ^= _state << 13;
        _state ^= _state >> 7;
        _state ^= _state << 17;
        return (int)(_state % (ulong)distinct);
    }

    public bool IsKnown(int number) => unknownEvery == 0 || number % unknownEvery != 0;
}
