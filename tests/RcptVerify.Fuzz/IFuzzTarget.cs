namespace RcptVerify.Fuzz;

/// <summary>A codec under fire: it makes its own inputs and knows what must come of them.</summary>
internal interface IFuzzTarget
{
    /// <summary>How the command line names it.</summary>
    string Name { get; }

    /// <summary>A new input; the same state of <paramref name="random"/> gives the same input.</summary>
    byte[] NewInput(Random random);

    /// <summary>Feeds the input to the codec. An exception is a find, too.</summary>
    /// <param name="input">What arrives.</param>
    /// <param name="random">Decides on how it arrives: portions, segments.</param>
    /// <returns>What went wrong; null when nothing did.</returns>
    string? Check(byte[] input, Random random);
}
