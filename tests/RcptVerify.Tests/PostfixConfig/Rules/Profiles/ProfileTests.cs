using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Profiles;

public sealed class ProfileTests
{
    private static readonly IReadOnlyList<CipherSuite> Known = CipherSuites.Of(OpenSslVersion.Assumed)!;

    public static TheoryData<string> Ids => [.. ProfileCatalogue.All.Select(profile => profile.Id)];

    [Fact]
    public void The_four_guidelines_are_there_and_the_RFC_holds_unasked()
    {
        Assert.Equal(["rfc9325", "mozilla-6.0-intermediate", "ncsc-2025-05", "bsi-2026-01"], ProfileCatalogue.All.Select(profile => profile.Id));
        Assert.Equal(Profile.DefaultId, ProfileCatalogue.Default.Id);
        Assert.Equal([false, true, true, true], ProfileCatalogue.All.Select(profile => profile.JudgesDefaults));
        Assert.Null(ProfileCatalogue.Find("mozilla-old"));
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Every_word_of_a_guideline_selects_a_suite(string id)
    {
        Profile profile = ProfileCatalogue.Find(id)!;
        foreach (string list in (string[])[profile.Good, profile.Sufficient, profile.PhaseOut, .. profile.Lists])
        {
            foreach (string word in list.Split(':', StringSplitOptions.RemoveEmptyEntries))
                Assert.True(CipherVocabulary.Pattern(word.TrimStart('!')) is CipherPattern pattern && Known.Any(pattern.Selects), $"{id}: {word}");
            if (list.Length > 0)
                Assert.NotEmpty(CipherString.Evaluate(list, Known)!);
        }
    }

    [Theory]
    [InlineData("ECDHE-RSA-AES128-GCM-SHA256", SuiteVerdict.Good, SuiteVerdict.Good, SuiteVerdict.Sufficient, SuiteVerdict.Good)]
    [InlineData("ECDHE-ECDSA-AES256-GCM-SHA384", SuiteVerdict.Good, SuiteVerdict.Good, SuiteVerdict.Sufficient, SuiteVerdict.Good)]
    [InlineData("ECDHE-RSA-CHACHA20-POLY1305", SuiteVerdict.Good, SuiteVerdict.Good, SuiteVerdict.Sufficient, SuiteVerdict.Insufficient)]
    [InlineData("ECDHE-RSA-AES256-SHA384", SuiteVerdict.Sufficient, SuiteVerdict.Insufficient, SuiteVerdict.PhaseOut, SuiteVerdict.Sufficient)]
    [InlineData("ECDHE-RSA-CAMELLIA256-SHA384", SuiteVerdict.Sufficient, SuiteVerdict.Insufficient, SuiteVerdict.PhaseOut, SuiteVerdict.Insufficient)]
    [InlineData("ECDHE-ARIA128-GCM-SHA256", SuiteVerdict.Sufficient, SuiteVerdict.Insufficient, SuiteVerdict.PhaseOut, SuiteVerdict.Insufficient)]
    [InlineData("ECDHE-RSA-AES128-SHA", SuiteVerdict.Sufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient)]
    [InlineData("ECDHE-ECDSA-AES128-CCM8", SuiteVerdict.PhaseOut, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient)]
    [InlineData("DHE-RSA-AES256-GCM-SHA384", SuiteVerdict.PhaseOut, SuiteVerdict.Insufficient, SuiteVerdict.PhaseOut, SuiteVerdict.PhaseOut)]
    [InlineData("DHE-RSA-AES128-SHA", SuiteVerdict.PhaseOut, SuiteVerdict.Insufficient, SuiteVerdict.PhaseOut, SuiteVerdict.Insufficient)]
    [InlineData("AES128-GCM-SHA256", SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient)]
    [InlineData("AES256-SHA", SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient)]
    [InlineData("NULL-SHA256", SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient)]
    [InlineData("ADH-AES128-GCM-SHA256", SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient, SuiteVerdict.Insufficient)]
    public void A_suite_is_judged_as_the_guideline_says(string suite, object rfc, object mozilla, object ncsc, object bsi) => Assert.Equal(
        [rfc, mozilla, ncsc, bsi],
        ProfileCatalogue.All.Select(profile => (object)profile.VerdictOf(CipherSuites.Find(suite)!)));

    [Fact]
    public void Keys_and_order_are_as_the_guideline_says()
    {
        Assert.Equal([null, false, true, null], ProfileCatalogue.All.Select(profile => profile.PreemptCipherlist));
        Assert.Equal([2048, 2048, 3072, 2048], ProfileCatalogue.All.Select(profile => profile.GoodRsaBits));
        Assert.Equal([null, 366, null, null], ProfileCatalogue.All.Select(profile => profile.MaxCertificateDays));
        Assert.Equal(["ncsc-2025-05"], ProfileCatalogue.All.Where(profile => profile.RejectsOwnDhGroups).Select(profile => profile.Id));
    }
}
