using Tomlyn.Syntax;

namespace RcptVerify.Configuration;

/// <summary>
/// Tomlyn's syntax errors, handed out once each. One mistake in a value often draws several (an unclosed string one for each line):
/// only the first of a key's is worth reading.
/// </summary>
internal sealed class SyntaxErrors
{
    private readonly DiagnosticMessage[] _messages;
    private readonly int[] _offsets;
    private readonly bool[] _taken;

    public SyntaxErrors(IEnumerable<DiagnosticMessage> messages)
    {
        _messages = [.. messages.OrderBy(message => message.Span.Start.Offset)];
        _offsets = [.. _messages.Select(message => message.Span.Start.Offset)];
        _taken = new bool[_messages.Length];
    }

    /// <summary>The first of all; null when there is none.</summary>
    public DiagnosticMessage? First => _messages.FirstOrDefault();

    /// <summary>The first error inside a span; the others there are dropped. Null when there is none.</summary>
    public DiagnosticMessage? TakeFirstIn(SourceSpan span)
    {
        int first = LowerBound(span.Start.Offset);
        for (int i = first; i < _offsets.Length && _offsets[i] <= span.End.Offset; i++)
            _taken[i] = true;
        return first < _taken.Length && _taken[first] ? _messages[first] : null;
    }

    /// <summary>The errors that belong to no key.</summary>
    public IEnumerable<DiagnosticMessage> TakeRest() => _messages.Where((_, index) => !_taken[index]);

    private int LowerBound(int offset)
    {
        int low = 0;
        int high = _offsets.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _offsets[middle] < offset ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
