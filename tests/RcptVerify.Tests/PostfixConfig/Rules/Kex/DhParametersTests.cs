using RcptVerify.PostfixConfig.Rules.Kex;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Kex;

public sealed class DhParametersTests
{
    /// <summary>Made by <c>openssl genpkey -genparam -algorithm DH -pkeyopt dh_paramgen_prime_len:512</c>.</summary>
    public const string Bits512 =
        "DH Parameters: (512 bit)\n-----BEGIN DH PARAMETERS-----\nMEYCQQCE72RWK5J235qmupJAPkjEb1FvI/Iem/R7q9WADlCBFsFa2lKhu7adfXlx\n9YQTitV6AMSrSbjAwfk6t+V4iGXfAgEC\n-----END DH PARAMETERS-----\n";

    /// <summary>A file with a number of so many bits for its prime.</summary>
    public static string Of(int bits)
    {
        System.Formats.Asn1.AsnWriter writer = new(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger((System.Numerics.BigInteger.One << (bits - 1)) + 1);
            writer.WriteInteger(2);
        }

        return System.Security.Cryptography.PemEncoding.WriteString("DH PARAMETERS", writer.Encode()) + "\n";
    }

    [Fact]
    public void The_length_is_that_of_the_prime()
    {
        Assert.Equal(512, DhParameters.BitsOf(Bits512));
        Assert.Equal(2048, DhParameters.BitsOf(Of(2048)));
        Assert.Equal(1024, DhParameters.BitsOf("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" + Of(1024).Replace("DH PARAMETERS", "X9.42 DH PARAMETERS", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("-----BEGIN DH PARAMETERS-----\nAAAA\n-----END DH PARAMETERS-----\n")]
    [InlineData("-----BEGIN DH PARAMETERS-----\nMEYC\n-----END DH PARAMETERS-----\n")]
    [InlineData("-----BEGIN DH PARAMETERS-----\n-----END DH PARAMETERS-----\n")]
    [InlineData("-----BEGIN DH PARAMETERS-----\nMEYCQQCE72RWK5J235qmupJAPkjEb1FvI")]
    public void Garbage_has_no_length(string text) => Assert.Null(DhParameters.BitsOf(text));
}
