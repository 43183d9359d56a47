using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

public sealed class RecipientAddressPropertyTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5000);

    /// <summary>Pieces of which addresses are made, good ones and bad ones.</summary>
    private static readonly Gen<byte[]> Piece = Gen.Frequency(
        (8, Gen.Elements("aUz9+-_"u8.ToArray()).Select(b => (byte[])[b])),
        (3, Gen.Elements("@", ".", "@example.com", "@B.Example.", "@[192.0.2.1]", "@bücher.example").Select(Encoding.UTF8.GetBytes)),
        (2, Gen.Elements("Ü", "İ", "\u212a", "\u023a", "ß", "Σ", "😀", " ", "\"", "\\", "。").Select(Encoding.UTF8.GetBytes)),
        (1, Gen.Choose(0, 255).Select(b => (byte[])[(byte)b])),
        (1, Gen.Choose(1, 400).Select(n => Enumerable.Repeat((byte)'L', n).ToArray())));

    private static readonly Arbitrary<byte[]> Addresses = Piece.ArrayOf().Select(pieces => pieces.SelectMany(p => p).ToArray()).ToArbitrary();

    [Fact]
    public void Any_bytes_give_a_key_or_a_reason() => Check.One(Thorough, Prop.ForAll(Addresses, bytes =>
    {
        byte[] key = new byte[RecipientAddress.MaxBytes];
        AddressProblem problem = RecipientAddress.TryCanonicalize(bytes, key, out int at, out int length);
        if (problem != AddressProblem.None)
            return length == 0;
        length = RecipientAddress.FoldLocalPart(key, ref at, length);
        return length <= RecipientAddress.MaxBytes && at < length - 1 && key[at] == '@' && key.AsSpan(0, length).LastIndexOf((byte)'@') == at
            && !key.AsSpan(0, length).ContainsAnyInRange((byte)0, (byte)0x1f)
            && System.Text.Unicode.Utf8.IsValid(key.AsSpan(0, length));
    }));

    [Fact]
    public void The_key_of_a_key_is_itself() => Check.One(Thorough, Prop.ForAll(Addresses, ArbMap.Default.ArbFor<bool>(), (bytes, caseSensitive) =>
    {
        if (Key(bytes, caseSensitive) is not { } key)
            return true;
        return Key(key, caseSensitive) is { } again && again.AsSpan().SequenceEqual(key);
    }));

    [Fact]
    public void Letter_case_and_a_final_dot_never_make_another_key() => Check.One(Thorough, Prop.ForAll(Addresses, bytes =>
    {
        // Near the limit a local part that grows by folding is left as it is: half as long again is the most it can become.
        if (Key(bytes, caseSensitive: false) is not { } key || bytes.Length > RecipientAddress.MaxBytes * 2 / 3 || bytes[^1] == '.')
            return true;
        byte[] shouted = [.. bytes.Select(b => b is >= (byte)'a' and <= (byte)'z' ? (byte)(b - 32) : b), (byte)'.'];
        return Key(shouted, caseSensitive: false) is { } same && same.AsSpan().SequenceEqual(key);
    }));

    private static byte[]? Key(byte[] bytes, bool caseSensitive)
    {
        byte[] key = new byte[RecipientAddress.MaxBytes];
        if (RecipientAddress.TryCanonicalize(bytes, key, out int at, out int length) != AddressProblem.None)
            return null;
        if (!caseSensitive)
            length = RecipientAddress.FoldLocalPart(key, ref at, length);
        return key[..length];
    }
}
