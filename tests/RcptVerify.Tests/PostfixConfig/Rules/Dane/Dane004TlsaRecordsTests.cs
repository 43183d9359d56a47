using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Dane;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Dane;

public sealed class Dane004TlsaRecordsTests
{
    private const string Hash = "3C4D924C2F17753E9365D58356E6883C5039AB7D870FD1A750AF0EC182F73CC1";
    private const string Name = "_25._tcp.mx.example.com.";

    [Theory]
    [InlineData("0 0 1", "error")]
    [InlineData("1 1 1", "error")]
    [InlineData("3 1 0", "warning")]
    [InlineData("2 0 0", "warning")]
    [InlineData("3 0 1", "notice")]
    [InlineData("3 0 2", "notice")]
    [InlineData("3 1 1", null)]
    [InlineData("3 1 2", null)]
    [InlineData("2 1 1", null)]
    [InlineData("2 0 1", null)]
    public void A_record_is_judged_by_its_numbers(string numbers, string? severity) => Assert.Equal(
        severity is null ? [] : [$"{severity} @tlsa:1 []"],
        new Lint { Tlsa = $"{Name} 3600 IN TLSA {numbers} {Hash}\n{Name} IN TLSA 3 1 1 {Hash}\n{Name} IN TLSA 2 1 1 {Hash}\n" }.Brief<Dane004TlsaRecords>());

    [Theory]
    [InlineData("_443._tcp.www.example.com.", 0)]
    [InlineData("_853._udp.ns.example.com.", 0)]
    [InlineData("_25._udp.mx.example.com.", 0)]
    [InlineData("_465._tcp.mx.example.com.", 1)]
    [InlineData("_587._tcp.mx.example.com.", 1)]
    [InlineData("*._tcp.mx.example.com.", 1)]
    [InlineData("tlsa.example.com.", 1)]
    public void Records_of_other_services_follow_other_rules(string name, int found) =>
        Assert.Equal(found, new Lint { Tlsa = $"{name} IN TLSA 1 1 1 {Hash}\n" }.Check<Dane004TlsaRecords>().Count);

    [Fact]
    public void The_numbers_are_underlined_and_the_fix_names_better_ones()
    {
        Finding finding = new Lint { Tlsa = $"{Name} IN TLSA 3 0 1 {Hash}\n{Name} IN TLSA 2 1 1 {Hash}\n" }.Single<Dane004TlsaRecords>();
        Assert.Equal((Name.Length + 10, 5, "3 1 1"), (finding.Position!.Value.Column, finding.Length, finding.Fix));
    }

    [Fact]
    public void One_record_of_the_server_s_key_alone_announces_no_next_key()
    {
        Finding finding = new Lint { Tlsa = $"{Name} IN TLSA 3 1 1 {Hash}\n" }.Single<Dane004TlsaRecords>();
        Assert.Equal("notice @tlsa:1 []", Lint.Brief(finding));
        Assert.Contains("no next key", finding.Message, StringComparison.Ordinal);
        new Lint { Tlsa = $"{Name} IN TLSA 2 1 1 {Hash}\n" }.IsSilent<Dane004TlsaRecords>();
    }

    [Fact]
    public void Records_belong_to_their_name_in_any_spelling()
    {
        new Lint { Tlsa = $"{Name} IN TLSA 3 1 1 {Hash}\n_25._TCP.MX.example.com IN TLSA 3 1 1 {Hash}\n" }.IsSilent<Dane004TlsaRecords>();
        new Lint { Tlsa = $"$ORIGIN example.com.\n; the key\n{Name} TLSA ( 3 1 1\n  {Hash} ) ; now\n  IN TLSA 3 1 1 {Hash}\n" }.IsSilent<Dane004TlsaRecords>();
        Assert.Equal(2, new Lint { Tlsa = $"a. IN TLSA 3 1 1 {Hash}\nb. IN TLSA 3 1 1 {Hash}\n" }.Check<Dane004TlsaRecords>().Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n\n;TLSA 1 1 1\n")]
    [InlineData("a IN TLSA\nb IN TLSA 1\nc IN TLSA x y z 00\nd IN TLSA 99999999999999 1 1 00\n TLSA 3")]
    [InlineData("TLSA TLSA TLSA TLSA TLSA")]
    [InlineData("a IN MX 10 mx.example.com.\n")]
    public void What_is_no_record_is_passed_over(string text) => new Lint { Tlsa = text }.IsSilent<Dane004TlsaRecords>();

    [Fact]
    public void Without_records_there_is_nothing_to_say() => new Lint { Main = "smtp_tls_security_level = dane\n" }.IsSilent<Dane004TlsaRecords>();
}
