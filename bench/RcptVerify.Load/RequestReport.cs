using System.Globalization;
using System.Text;

namespace RcptVerify.Load;

/// <summary>
/// What a run of requests about recipients gathers: the answers (<see cref="Report"/>), how many of the recipients exist, and, where
/// <c>--expect KNOWN,UNKNOWN</c> says which answer is right for those and for the others, how many were wrong.
/// </summary>
internal sealed class RequestReport
{
    private readonly Report _answers;
    private readonly int _requests;
    private readonly byte[]? _known;
    private readonly byte[]? _unknown;
    private int _askedUnknown;
    private int _wrong;

    /// <summary>Reads what is expected.</summary>
    /// <param name="options">The command line.</param>
    /// <param name="requests">How many are to be answered.</param>
    public RequestReport(Options options, int requests)
    {
        _answers = new Report(requests);
        _requests = requests;
        string[] expected = options.Text("expect", "").Split(',');
        if (expected.Length == 2)
        {
            _known = Encoding.ASCII.GetBytes(expected[0]);
            _unknown = Encoding.ASCII.GetBytes(expected[1]);
        }
    }

    /// <summary>Answers so far.</summary>
    public int Count => _answers.Count;

    /// <summary>Whether all are answered.</summary>
    public bool IsComplete => Count >= _requests;

    /// <summary>What the program ends with: an error where an answer was wrong.</summary>
    public int Exit => _wrong == 0 ? 0 : ExitCode.WrongAnswer;

    /// <summary>The time begins.</summary>
    public void Begin() => _answers.Begin();

    /// <summary>A recipient was asked about.</summary>
    /// <param name="known">Whether it exists.</param>
    public void Ask(bool known) => _askedUnknown += known ? 0 : 1;

    /// <summary>A request was answered.</summary>
    /// <param name="kind">The answer in a word.</param>
    /// <param name="ticks">How long that took.</param>
    /// <param name="known">Whether the recipient exists.</param>
    public void Add(ReadOnlySpan<byte> kind, long ticks, bool known)
    {
        _answers.Add(kind, ticks);
        if (_known is not null && !kind.SequenceEqual(known ? _known : _unknown))
        {
            _wrong++;
        }
    }

    /// <summary>The end of a run that nobody answers any more.</summary>
    public LoadException NoAnswer() => new(ExitCode.NoAnswer, $"no answer in 10 s, {Count} of {_requests} done");

    /// <summary>The time ends: the run in a line.</summary>
    public string Summarize() => _answers.Summarize("requests", "rps")
        .Append(CultureInfo.InvariantCulture, $" known={_requests - _askedUnknown} unknown={_askedUnknown}")
        .Append(_known is null ? "" : $" wrong={_wrong}").Append(_answers.Kinds()).ToString();
}
