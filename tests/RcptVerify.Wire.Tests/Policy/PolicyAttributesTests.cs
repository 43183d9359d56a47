using System.Text;
using RcptVerify.Wire.Policy;
using Xunit;

namespace RcptVerify.Wire.Tests.Policy;

public sealed class PolicyAttributesTests
{
    public static TheoryData<PolicyAttribute> All => [.. Enum.GetValues<PolicyAttribute>()];

    [Fact]
    public void Attributes_are_named_and_ordered_as_Postfix_3_12_sends_them()
    {
        string[] sent =
        [
            .. PolicySamples.Postfix312.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(static line => line.Split('=')[0]),
        ];
        Assert.Equal(sent, Enum.GetValues<PolicyAttribute>().Select(static a => Encoding.ASCII.GetString(PolicyAttributes.Name(a))));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_name_is_found_and_no_name_next_to_it(PolicyAttribute attribute)
    {
        byte[] name = PolicyAttributes.Name(attribute).ToArray();
        Assert.True(PolicyAttributes.TryParse(name, out PolicyAttribute found));
        Assert.Equal(attribute, found);

        for (int i = 0; i < name.Length; i++)
        {
            byte[] other = [.. name];
            other[i] ^= 0x20;
            Assert.False(PolicyAttributes.TryParse(other, out _));
            Assert.False(PolicyAttributes.TryParse([.. name[..i], .. name[(i + 1)..]], out _));
            Assert.False(PolicyAttributes.TryParse([.. name[..i], (byte)'x', .. name[i..]], out _));
        }
    }
}
