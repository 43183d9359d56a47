using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Verification;

[Collection(Alone.Name)]
public sealed class RecipientAddressTests
{
    [Theory]
    [InlineData("user@example.com", "user@example.com")]
    [InlineData("User.Name+Tag@Example.COM.", "user.name+tag@example.com")]
    [InlineData("a@b@example.com", "a@b@example.com")]
    [InlineData("two words@example.com", "two words@example.com")]
    [InlineData("@Example.com", "@example.com")]
    [InlineData("quote\"and\\slash@example.com", "quote\"and\\slash@example.com")]
    [InlineData("user@[192.0.2.1]", "user@[192.0.2.1]")]
    [InlineData("user@[IPv6:2001:DB8::1]", "user@[ipv6:2001:db8::1]")]
    [InlineData("user@BÜCHER.example", "user@xn--bcher-kva.example")]
    [InlineData("JÜRGEN@example.com", "jürgen@example.com")]
    [InlineData("ΣΊΣΥΦΟΣ@example.com", "σίσυφοσ@example.com")]
    public void An_address_has_one_canonical_form(string address, string key)
    {
        RecipientAddress? parsed = RecipientAddress.Parse(address, caseSensitive: false, out AddressProblem problem);
        Assert.Equal(AddressProblem.None, problem);
        Assert.Equal(key, parsed!.ToString());
    }

    [Fact]
    public void The_local_part_ends_at_the_last_at_sign_and_keeps_its_case_for_the_probe()
    {
        RecipientAddress address = RecipientAddress.Parse("Odd@One@EXAMPLE.com", caseSensitive: false, out _)!;
        Assert.Equal("Odd@One"u8, address.LocalPart.Span);
        Assert.Equal("example.com"u8, address.Domain.Span);
        Assert.Equal("odd@one@example.com"u8, address.Key);
    }

    [Fact]
    public void A_case_sensitive_local_part_keeps_its_case_in_the_key_and_the_domain_does_not()
    {
        RecipientAddress address = RecipientAddress.Parse("JÜrgen@EXAMPLE.com", caseSensitive: true, out _)!;
        Assert.Equal("JÜrgen@example.com", address.ToString());
    }

    [Theory]
    [InlineData("", AddressProblem.NoDomain)]
    [InlineData("postmaster", AddressProblem.NoDomain)]
    [InlineData("user@", AddressProblem.NoDomain)]
    [InlineData("@", AddressProblem.NoDomain)]
    [InlineData("us\rer@example.com", AddressProblem.ForbiddenByte)]
    [InlineData("us\ner@example.com", AddressProblem.ForbiddenByte)]
    [InlineData("us\0er@example.com", AddressProblem.ForbiddenByte)]
    [InlineData("us\ter@example.com", AddressProblem.ForbiddenByte)]
    [InlineData("us\u007fer@example.com", AddressProblem.ForbiddenByte)]
    [InlineData("user@exam\r\nple.com", AddressProblem.ForbiddenByte)]
    [InlineData("user@exam ple.com", AddressProblem.BadDomain)]
    [InlineData("user@.example.com", AddressProblem.BadDomain)]
    [InlineData("user@example.com..", AddressProblem.BadDomain)]
    [InlineData("user@[192.0.2.1", AddressProblem.BadDomain)]
    public void An_address_that_cannot_be_asked_about_says_why(string address, AddressProblem expected)
    {
        Assert.Null(RecipientAddress.Parse(address, caseSensitive: false, out AddressProblem problem));
        Assert.Equal(expected, problem);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'u', 0xff, (byte)'@', (byte)'a' })]
    [InlineData(new byte[] { (byte)'u', 0xc3, (byte)'@', (byte)'a' })]
    [InlineData(new byte[] { (byte)'u', (byte)'@', (byte)'a', 0xed, 0xa0, 0x80 })]
    public void Bytes_that_are_not_UTF8_are_forbidden(byte[] address)
    {
        byte[] key = new byte[RecipientAddress.MaxBytes];
        Assert.Equal(AddressProblem.ForbiddenByte, RecipientAddress.TryCanonicalize(address, key, out _, out _));
    }

    [Fact]
    public void An_address_of_320_bytes_fits_and_a_longer_one_does_not()
    {
        string longest = new string('u', 320 - "@example.com".Length) + "@example.com";
        Assert.NotNull(RecipientAddress.Parse(longest, caseSensitive: false, out _));
        Assert.Null(RecipientAddress.Parse("u" + longest, caseSensitive: false, out AddressProblem problem));
        Assert.Equal(AddressProblem.TooLong, problem);
    }

    [Fact]
    public void An_A_label_form_that_does_not_fit_behind_a_long_local_part_is_no_overrun()
    {
        string address = new string('u', 300) + "@bücher.example";
        Assert.Null(RecipientAddress.Parse(address, caseSensitive: false, out AddressProblem problem));
        Assert.Equal(AddressProblem.BadDomain, problem);
    }

    [Fact]
    public void Folding_that_would_grow_past_the_limit_leaves_the_local_part_as_it_is()
    {
        // U+023A (2 bytes) has U+2C65 (3 bytes) for its lower case.
        string address = string.Concat(Enumerable.Repeat("\u023a", 150)) + "@example.com";
        RecipientAddress parsed = RecipientAddress.Parse(address, caseSensitive: false, out _)!;
        Assert.Equal(address, parsed.ToString());
        string shorter = string.Concat(Enumerable.Repeat("\u023a", 10)) + "@example.com";
        Assert.Equal(
            string.Concat(Enumerable.Repeat("\u2c65", 10)) + "@example.com",
            RecipientAddress.Parse(shorter, caseSensitive: false, out _)!.ToString());
    }

    [Fact]
    public void Folding_that_changes_the_length_moves_the_domain_with_it()
    {
        // U+212A KELVIN SIGN (3 bytes) has "k" (1 byte) for its lower case.
        RecipientAddress address = RecipientAddress.Parse("\u212aelvin@example.com", caseSensitive: false, out _)!;
        Assert.Equal("kelvin@example.com", address.ToString());
        Assert.Equal("example.com"u8, address.Domain.Span);
        Assert.Equal("\u212aelvin", Encoding.UTF8.GetString(address.LocalPart.Span));
    }

    [Fact]
    public void An_ASCII_address_costs_no_allocation()
    {
        byte[] address = "User.Name@Example.COM"u8.ToArray();
        byte[] key = new byte[RecipientAddress.MaxBytes];
        Canonicalize(address, key);
        Assert.Equal(0, AllocatedBytes.Least(() =>
        {
            for (int i = 0; i < 1000; i++)
                Canonicalize(address, key);
        }));
    }

    private static void Canonicalize(byte[] address, byte[] key)
    {
        RecipientAddress.TryCanonicalize(address, key, out int at, out int length);
        RecipientAddress.FoldLocalPart(key, ref at, length);
    }
}
