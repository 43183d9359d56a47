namespace RcptVerify.PostfixConfig.Expansion;

/// <summary>
/// How many references may still be followed for one daemon. No real configuration has a tenth; one made of hundreds of thousands of
/// values, each of which refers to the next, would take minutes.
/// </summary>
internal sealed class ExpansionBudget
{
    /// <summary>References to begin with.</summary>
    public const int Size = 100_000;

    private int _left = Size;

    /// <summary>Takes one; false when none is left.</summary>
    public bool TryTake() => _left > 0 && _left-- > 0;
}
