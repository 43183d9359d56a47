using System.Buffers;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.TestKit;
using RcptVerify.Wire.Policy;
using Xunit;

namespace RcptVerify.Wire.Tests.Policy;

public sealed class PolicyPropertyTests
{
    private static readonly Config TenThousand = Config.QuickThrowOnFailure.WithMaxTest(10_000);

    // Small enough that random input meets them.
    private static readonly PolicyLimits Tight = new() { MaxLineBytes = 40, MaxAttributes = 6, MaxRequestBytes = 150 };

    private static Gen<string> Name => Gen.Frequency(
        (6, Gen.Choose(0, PolicyAttributes.Count - 1).Select(
            static i => Encoding.ASCII.GetString(PolicyAttributes.Name((PolicyAttribute)i)))),
        (1, Gen.Elements("future", "x", "sende", "senders", "mail-version", "ccert_pubkey_fingerprints", "nämé")));

    private static Gen<string> Value => Gen.Frequency(
        (1, Gen.Constant("")),
        (1, Gen.Elements("RCPT", "DATA", "12345", "a=b", "=", "jürgen@bücher.example", "\r", "\u0001\u007f")),
        (2, Gen.Elements('a', 'B', '@', '.', '=', ' ', 'ü', '字').ArrayOf().Select(static letters => new string(letters))));

    private static Gen<(string Name, string Value)[]> Attributes => Name.Zip(Value)
        .Select(static pair => (pair.Item1, pair.Item2)).NonEmptyListOf().Select(static list => list.ToArray());

    // Pieces of requests and what breaks them, in any order.
    private static Gen<byte[]> Noise => Gen.Frequency(
            (4, Name),
            (4, Gen.Constant("=")),
            (4, Gen.Constant("\n")),
            (2, Value),
            (1, Gen.Elements("\0", "\n\n", "\r\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")))
        .ArrayOf().Select(static pieces => Encoding.UTF8.GetBytes(string.Concat(pieces)));

    private static Gen<byte[]> Binary => Gen.Choose(0, 255).Select(static value => (byte)value).ArrayOf();

    [Fact]
    public void What_is_written_is_read()
    {
        Prop.ForAll(Attributes.Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), static sample =>
        {
            ((string Name, string Value)[] attributes, int seed) = (sample.Item1, sample.Item2);
            byte[] bytes = Encoding.UTF8.GetBytes(string.Concat(attributes.Select(static a => $"{a.Name}={a.Value}\n")) + "\n");
            ReadOnlySequence<byte> buffer = FragmentedSequence.CutAtRandom(bytes, new Random(seed));
            PolicyRequest request = new();
            OperationStatus status = PolicyRequestParser.TryParse(ref buffer, request, PolicyLimits.Default, out _);

            Assert.Equal(OperationStatus.Done, status);
            foreach (IGrouping<string, (string Name, string Value)> same in attributes.GroupBy(static a => a.Name))
            {
                if (PolicyAttributes.TryParse(Encoding.UTF8.GetBytes(same.Key), out PolicyAttribute a))
                    Assert.Equal(same.Last().Value, request.Text(a));
            }
        }).Check(TenThousand);
    }

    [Fact]
    public void Pieces_of_requests_in_any_order_are_read_as_the_slow_parser_reads_them() => CheckAgreement(Noise);

    [Fact]
    public void Binary_noise_is_read_as_the_slow_parser_reads_it() => CheckAgreement(Binary);

    private static void CheckAgreement(Gen<byte[]> inputs)
    {
        Prop.ForAll(inputs.Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), static sample =>
        {
            (byte[] bytes, int seed) = (sample.Item1, sample.Item2);
            Random random = new(seed);
            foreach (PolicyLimits limits in new[] { PolicyLimits.Default, Tight })
            {
                Assert.Null(PolicyAgreement.FindDifference(bytes, [bytes.Length], limits, random));
                Assert.Null(PolicyAgreement.FindDifference(bytes, Enumerable.Repeat(1, bytes.Length), limits, random));
            }
        }).Check(TenThousand);
    }
}
