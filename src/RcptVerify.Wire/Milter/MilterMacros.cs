using System.Buffers;

namespace RcptVerify.Wire.Milter;

/// <summary>The macros of one frame, one after another; see <see cref="MilterFields"/> for the grammar.</summary>
public ref struct MilterMacros
{
    private readonly int _most;
    private ReadOnlySpan<byte> _rest;
    private int _count;

    /// <summary>Begins at a frame's first macro.</summary>
    /// <param name="data">A frame's data.</param>
    /// <param name="limits">The caps.</param>
    public MilterMacros(ReadOnlySpan<byte> data, MilterLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        _most = limits.MaxMacros;
        Command = data.IsEmpty ? MilterCommand.None : (MilterCommand)data[0];
        _rest = data.IsEmpty ? default : data[1..];
        Name = default;
        Value = default;
    }

    /// <summary>The command they belong to; <see cref="MilterCommand.None"/> where the frame is empty.</summary>
    public MilterCommand Command { get; }

    /// <summary>The name without braces: Postfix writes <c>{rcpt_addr}</c> but <c>i</c> (milter_macros(5)).</summary>
    public ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>The value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Goes to the next macro.</summary>
    /// <param name="error">The fault, with <see cref="OperationStatus.InvalidData"/>.</param>
    /// <returns>
    /// <see cref="OperationStatus.Done"/> with a macro; <see cref="OperationStatus.NeedMoreData"/> past the last one; otherwise
    /// <see cref="OperationStatus.InvalidData"/>.
    /// </returns>
    public OperationStatus Next(out WireError error)
    {
        error = Command == MilterCommand.None ? WireError.MilterBadArguments : WireError.None;
        if (error == WireError.None && _rest.IsEmpty)
            return OperationStatus.NeedMoreData;
        if (error == WireError.None && ++_count > _most)
            error = WireError.MilterTooManyMacros;
        else if (!MilterFields.TryTake(ref _rest, out ReadOnlySpan<byte> name) || !MilterFields.TryTake(ref _rest, out ReadOnlySpan<byte> value))
            error = WireError.MilterBadArguments;
        else
        {
            Name = name.Length > 2 && name[0] == '{' && name[^1] == '}' ? name[1..^1] : name;
            Value = value;
        }

        return error == WireError.None ? OperationStatus.Done : OperationStatus.InvalidData;
    }
}
