using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.TestKit;
using RcptVerify.Wire.Socketmap;
using Xunit;

namespace RcptVerify.Wire.Tests.Socketmap;

public sealed class SocketmapPropertyTests
{
    private static readonly Config TenThousand = Config.QuickThrowOnFailure.WithMaxTest(10_000);

    private static Gen<string> Key =>
        Gen.Elements('a', '@', '.', ' ', '"', '\\', ',', ':', '7', 'ü', '字').ArrayOf().Select(static letters => new string(letters));

    private static Gen<byte[]> Noise => Gen.Frequency(
            (4, Gen.Elements("0", "1", "2", "3", "12", "99999")),
            (4, Gen.Elements(":", ",", " ")),
            (2, Gen.Elements("recipients", "a@b", "\"", "\0", "\n", "ü")))
        .ArrayOf().Select(static pieces => Encoding.UTF8.GetBytes(string.Concat(pieces)));

    private static Gen<byte[]> Binary => Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf();

    [Fact]
    public void What_is_written_is_read_wherever_it_is_cut() =>
        Prop.ForAll(Key.Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), static sample =>
        {
            (string key, int seed) = (sample.Item1, sample.Item2);
            ReadOnlySequence<byte> buffer = FragmentedSequence.CutAtRandom(SocketmapRequestParserTests.Request(key), new Random(seed));
            SocketmapRequest request = new();
            Assert.Equal(OperationStatus.Done, SocketmapRequestParserTests.Parse(ref buffer, request, out _));
            Assert.True(buffer.IsEmpty);
            Assert.Equal(key, Encoding.UTF8.GetString(request.Key.Span));
            Assert.InRange(request.Address.Length, 0, request.Key.Length);
        }).Check(TenThousand);

    [Fact]
    public void Pieces_of_requests_in_any_order_do_no_harm_and_mean_the_same_wherever_they_are_cut() => CheckHarmless(Noise);

    [Fact]
    public void Binary_noise_does_no_harm_and_means_the_same_wherever_it_is_cut() => CheckHarmless(Binary);

    private static void CheckHarmless(Gen<byte[]> inputs) =>
        Prop.ForAll(inputs.Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), static sample =>
        {
            (byte[] bytes, int seed) = (sample.Item1, sample.Item2);
            (OperationStatus Status, WireError Error, long Left, string Key) whole = Parse(new(bytes));
            Assert.Equal(whole, Parse(FragmentedSequence.CutAtRandom(bytes, new Random(seed))));
            Assert.Equal(whole.Status == OperationStatus.InvalidData, whole.Error != WireError.None);
            if (whole.Status != OperationStatus.Done)
                Assert.Equal(bytes.Length, whole.Left);

            // A fault stays one whatever follows, and a request is not changed by it.
            (OperationStatus Status, WireError Error, long Left, string Key) longer = Parse(new([.. bytes, (byte)'1']));
            if (whole.Status != OperationStatus.NeedMoreData)
                Assert.Equal((whole.Status, whole.Error, whole.Left + 1, whole.Key), longer);
        }).Check(TenThousand);

    private static (OperationStatus Status, WireError Error, long Left, string Key) Parse(ReadOnlySequence<byte> buffer)
    {
        SocketmapRequest request = new();
        OperationStatus status = SocketmapRequestParserTests.Parse(ref buffer, request, out WireError error);
        return (status, error, buffer.Length, Encoding.Latin1.GetString(request.Key.Span) + Encoding.Latin1.GetString(request.Address.Span));
    }
}
