using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.TestKit;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

[Collection(Alone.Name)]
public sealed class DomainNameTests
{
    private static readonly string Label63 = new('a', 63);

    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("EXAMPLE.Com", "example.com")]
    [InlineData("example.com.", "example.com")]
    [InlineData("localhost", "localhost")]
    [InlineData("_dmarc.example-1.com", "_dmarc.example-1.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData("BÜCHER.Example.", "xn--bcher-kva.example")]
    [InlineData("XN--BCHER-KVA.example", "xn--bcher-kva.example")]
    [InlineData("例え.テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("ｅｘａｍｐｌｅ．com", "example.com")]
    [InlineData("例え。テスト", "xn--r8jz45g.xn--zckzah")]
    [InlineData("[192.0.2.1]", "[192.0.2.1]")]
    [InlineData("[IPv6:2001:DB8::1]", "[ipv6:2001:db8::1]")]
    public void A_domain_has_one_canonical_form(string domain, string expected) => Assert.Equal(expected, Canonical(domain));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".example.com")]
    [InlineData("example..com")]
    [InlineData("example.com..")]
    [InlineData("bücher.example..")]
    [InlineData("bücher。。example")]
    [InlineData(".bücher.example")]
    [InlineData("example.com bücher")]
    [InlineData("exam ple.com")]
    [InlineData("example.com\r\n")]
    [InlineData("exa\0mple.com")]
    [InlineData("exämple.com\0")]
    [InlineData("a@b")]
    [InlineData("<example.com>")]
    [InlineData("\"example.com\"")]
    [InlineData("[192.0.2.1")]
    [InlineData("[")]
    [InlineData("192.0.2.1]")]
    [InlineData("[192.0.2.1] ")]
    [InlineData("[ä]")]
    public void What_is_no_domain_is_refused(string domain) => Assert.Null(Canonical(domain));

    [Fact]
    public void A_domain_of_255_bytes_fits_and_a_longer_one_does_not()
    {
        string longest = string.Join('.', Label63, Label63, Label63, Label63);
        Assert.Equal(255, longest.Length);
        Assert.Equal(longest, Canonical(longest));
        Assert.Equal(longest, Canonical(longest + "."));
        Assert.Null(Canonical(longest + "a"));
    }

    [Fact]
    public void An_internationalised_domain_whose_A_labels_are_too_long_is_refused()
    {
        string domain = string.Join('.', Enumerable.Repeat("ü" + new string('a', 45), 5));
        Assert.InRange(Encoding.UTF8.GetByteCount(domain), 1, DomainName.MaxBytes);
        Assert.Null(Canonical(domain));
    }

    [Fact]
    public void A_destination_too_small_is_a_refusal_and_not_an_overrun()
    {
        foreach (string domain in (string[])["example.com", "bücher.example", "[192.0.2.1]"])
            Assert.False(DomainName.TryCanonicalize(Encoding.UTF8.GetBytes(domain), new byte[5], out _));
    }

    [Fact]
    public void Any_bytes_give_an_answer_and_the_canonical_form_of_a_canonical_form_is_itself()
    {
        Gen<byte[]> domains = Gen.Frequency(
            (6, Gen.Elements("aZ0.-_"u8.ToArray()).Select(b => (byte[])[b])),
            (2, Gen.Elements("ü", "ß", "ς", "İ", "。", "．", "\u00ad", "\u200d", "例", "é", "Å", "\u0301", "א", "[", "]", "xn--", ":").Select(Encoding.UTF8.GetBytes)),
            (1, Gen.Choose(0, 255).Select(b => (byte[])[(byte)b]))).ArrayOf().Select(parts => parts.SelectMany(p => p).ToArray());
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), Prop.ForAll(domains.ToArbitrary(), bytes =>
        {
            byte[] first = new byte[DomainName.MaxBytes];
            if (!DomainName.TryCanonicalize(bytes, first, out int length))
                return true;
            byte[] second = new byte[DomainName.MaxBytes];
            bool again = DomainName.TryCanonicalize(first.AsSpan(0, length), second, out int lengthAgain);
            return again && first.AsSpan(0, length).SequenceEqual(second.AsSpan(0, lengthAgain))
                && length > 0 && first[length - 1] != '.' && !first.AsSpan(0, length).ContainsAnyInRange((byte)'A', (byte)'Z');
        }));
    }

    [Fact]
    public void An_ASCII_domain_costs_no_allocation()
    {
        byte[] domain = "Mail.Example.COM."u8.ToArray();
        byte[] destination = new byte[DomainName.MaxBytes];
        DomainName.TryCanonicalize(domain, destination, out _);
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
                DomainName.TryCanonicalize(domain, destination, out _);
        }));
    }

    private static string? Canonical(string domain)
    {
        byte[] destination = new byte[DomainName.MaxBytes];
        return DomainName.TryCanonicalize(Encoding.UTF8.GetBytes(domain), destination, out int length)
            ? Encoding.UTF8.GetString(destination, 0, length)
            : null;
    }
}
