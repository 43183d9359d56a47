using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.TestKit;
using RcptVerify.Wire.Milter;
using Xunit;

namespace RcptVerify.Wire.Tests.Milter;

public sealed class MilterFrameTests
{
    /// <summary>What a Postfix 3.7 sends for one recipient, frame by frame.</summary>
    private static readonly byte[][] Session =
    [
        MilterBytes.PostfixOffer,
        MilterBytes.Macros('C', "j", "mx.lab.test", "{daemon_name}", "mx.lab.test", "v", "Postfix 3.7.11", "_", "localhost [127.0.0.1]"),
        MilterBytes.Connect("127.0.0.1"),
        MilterBytes.Macros('H'),
        MilterBytes.Macros('M', "{mail_addr}", "s0@sender.test", "{mail_host}", "sender.test", "{mail_mailer}", "smtp"),
        MilterBytes.Frame('M', "<s0@sender.test>\0"),
        MilterBytes.Macros('R', "{rcpt_addr}", "user0@example.com", "{rcpt_host}", "[127.0.0.1]:2626", "{rcpt_mailer}", "relay"),
        MilterBytes.Frame('R', "<user0@example.com>\0"),
        MilterBytes.Frame('A'),
        MilterBytes.Frame('A'),
        MilterBytes.Frame('Q'),
    ];

    [Fact]
    public void A_session_is_cut_into_the_same_frames_wherever_it_is_split()
    {
        byte[] bytes = MilterBytes.Join(Session);
        foreach (ReadOnlySequence<byte> arrived in FragmentedSequence.EverySplit(bytes))
        {
            ReadOnlySequence<byte> buffer = arrived;
            foreach (byte[] frame in Session)
            {
                Assert.Equal(OperationStatus.Done, Read(ref buffer, out MilterCommand command, out byte[] data, out WireError error));
                Assert.Equal(((MilterCommand)frame[4], WireError.None), (command, error));
                Assert.Equal(frame[5..], data);
            }

            Assert.True(buffer.IsEmpty);
        }
    }

    [Fact]
    public void A_strict_prefix_needs_more_data_and_consumes_nothing()
    {
        foreach (byte[] frame in Session)
        {
            for (int length = 0; length < frame.Length; length++)
            {
                ReadOnlySequence<byte> buffer = new(frame, 0, length);
                Assert.Equal(OperationStatus.NeedMoreData, Read(ref buffer, out _, out _, out WireError error));
                Assert.Equal((WireError.None, length), (error, (int)buffer.Length));
            }
        }
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 0 }, WireError.MilterEmptyFrame)]
    [InlineData(new byte[] { 0, 2, 0, 1 }, WireError.MilterFrameTooLong)]
    [InlineData(new byte[] { 0x7f, 0xff, 0xff, 0xff }, WireError.MilterFrameTooLong)]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, (byte)'Q' }, WireError.MilterFrameTooLong)]
    [InlineData(new byte[] { (byte)'p', (byte)'o', (byte)'s', (byte)'t' }, WireError.MilterFrameTooLong)]
    [InlineData(new byte[] { 0, 0, 0, 5, (byte)'x' }, WireError.MilterUnknownCommand)]
    [InlineData(new byte[] { 0, 0, 0, 5, 0xc3 }, WireError.MilterUnknownCommand)]
    [InlineData(new byte[] { 0, 0, 0, 5, 0 }, WireError.MilterUnknownCommand)]
    public void A_bad_length_or_command_is_refused_before_anything_is_waited_for(byte[] bytes, WireError expected)
    {
        foreach (ReadOnlySequence<byte> arrived in FragmentedSequence.EverySplit(bytes))
        {
            ReadOnlySequence<byte> buffer = arrived;
            Assert.Equal(OperationStatus.InvalidData, Read(ref buffer, out _, out _, out WireError error));
            Assert.Equal((expected, (long)bytes.Length), (error, buffer.Length));
        }
    }

    [Fact]
    public void The_longest_frame_is_read()
    {
        byte[] frame = MilterBytes.Frame('B', new byte[MilterLimits.Default.MaxFrameBytes - 1]);
        ReadOnlySequence<byte> buffer = new(frame);
        Assert.Equal(OperationStatus.Done, Read(ref buffer, out _, out byte[] data, out _));
        Assert.Equal(frame.Length - 5, data.Length);
    }

    [Fact]
    public void No_bytes_break_a_reader() => Prop.ForAll(
        Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf().Zip(Gen.Elements((byte)0, (byte)3, (byte)9)).ToArbitrary(),
        static sample =>
        {
            (byte[] data, byte length) = (sample.Item1, sample.Item2);
            byte[] framed = [0, 0, 0, length, .. data];
            ReadOnlySequence<byte> buffer = FragmentedSequence.CutAtRandom(framed, new Random(data.Length));
            while (Read(ref buffer, out _, out _, out _) == OperationStatus.Done)
            {
            }

            _ = MilterOptions.TryRead(data, out MilterOptions offer, out _);
            Assert.True(offer.Answer().Version <= 6);
            _ = MilterFields.TryReadConnect(data, out _, out _);
            _ = MilterFields.TryReadPath(data, out _, out _);
            MilterMacros macros = new(data, MilterLimits.Default);
            while (macros.Next(out _) == OperationStatus.Done)
            {
            }

            byte[] internalForm = new byte[data.Length];
            _ = MilterPath.TryUnquote(data, internalForm, out int written, out _, out _);
            Assert.True(written <= data.Length);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    private static OperationStatus Read(ref ReadOnlySequence<byte> buffer, out MilterCommand command, out byte[] data, out WireError error)
    {
        OperationStatus status = MilterFrame.TryRead(ref buffer, MilterLimits.Default, out command, out ReadOnlySequence<byte> part, out error);
        data = part.ToArray();
        return status;
    }
}
