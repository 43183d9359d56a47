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
        new Lint { Tlsa = $"{Name} 3600 IN TLSA {numbers} {(numbers.EndsWith('2') ? Hash + Hash : Hash)}\n{Name} IN TLSA 3 1 1 {Hash}\n{Name} IN TLSA 2 1 1 {Hash}\n" }.Brief<Dane004TlsaRecords>());

    [Theory]
    [InlineData("4 1 1 " + Hash, "there is no certificate usage 4")]
    [InlineData("255 1 1 " + Hash, "there is no certificate usage 255")]
    [InlineData("3 2 1 " + Hash, "there is no selector 2")]
    [InlineData("3 1 3 " + Hash, "there is no matching type 3")]
    [InlineData("3 1 2 " + Hash, "matching type 2 wants a hash of 64 bytes, and here are 32")]
    [InlineData("3 1 1 " + Hash + Hash, "matching type 1 wants a hash of 32 bytes, and here are 64")]
    [InlineData("2 1 1 3C4D", "matching type 1 wants a hash of 32 bytes, and here are 2")]
    [InlineData("3 1 1 " + Hash + "A", "the number of hexadecimal digits is odd, 65")]
    [InlineData("3 1 0 ABC", "the number of hexadecimal digits is odd, 3")]
    [InlineData("3 1 1 …", "what stands behind the three numbers is not hexadecimal")]
    [InlineData("3 1 1", "there is nothing behind the three numbers")]
    public void A_record_that_senders_cannot_use_is_an_error(string record, string message)
    {
        Finding finding = new Lint { Tlsa = $"{Name} IN TLSA {record}\n" }.Single<Dane004TlsaRecords>();
        Assert.Equal("error @tlsa:1 []", Lint.Brief(finding));
        Assert.StartsWith(message + ": ", finding.Message, StringComparison.Ordinal);
        Assert.Equal("TLS without authentication", finding.Effective);
    }

    [Fact]
    public void A_record_that_cannot_be_used_leaves_the_others_in_force_and_is_no_next_key()
    {
        IReadOnlyList<Finding> found = new Lint { Tlsa = $"{Name} IN TLSA 3 1 1 {Hash}\n{Name} IN TLSA 3 1 1 {Hash[..^2]}\n" }.Check<Dane004TlsaRecords>();
        Assert.Equal(["notice @tlsa:1 []", "error @tlsa:2 []"], found.Select(Lint.Brief));
        Assert.Equal("only the other records count", found[1].Effective);
    }

    [Theory]
    [InlineData("_25._tcp.mx. IN TLSA ( 3 1 1\n  3C4D924C2F17753E9365D58356E6883C ; half\n\n  5039AB7D870FD1A750AF0EC182F73CC1 )\n")]
    [InlineData("_25._tcp.mx. IN TLSA (\n 3 1 1\n  3C4D924C2F17753E 9365D58356E6883C 5039AB7D870FD1A7 50AF0EC182F73CC1\n)\n")]
    [InlineData("mx. IN TXT \"a (b\"\n_25._tcp.mx. IN TLSA 3 1 1 3C4D924C2F17753E9365D58356E6883C5039AB7D870FD1A750AF0EC182F73CC1\n")]
    [InlineData("_25._tcp.mx. IN TLSA 3 1 1 3C4D924C2F17753E9365D58356E6883C5039AB7D870FD1A750AF0EC182F73CC1\nmx. IN TXT ( a\n")]
    public void A_hash_may_be_written_in_several_words_and_lines(string zone) => Assert.Equal(
        ["the name has one record: no next key is announced, and a change of keys breaks delivery"],
        new Lint { Tlsa = zone }.Check<Dane004TlsaRecords>().Select(finding => finding.Message));

    [Fact]
    public void The_data_is_underlined_where_it_is_wrong()
    {
        Finding finding = new Lint { Tlsa = "a TLSA ( 3 1 1\n  ABCDE )\n" }.Single<Dane004TlsaRecords>();
        Assert.Equal((2, 3, 5), (finding.Position!.Value.Line, finding.Position!.Value.Column, finding.Length));
    }

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
    public void Whatever_stands_in_the_file_each_finding_has_its_place_there()
    {
        string[] pieces = ["TLSA", "IN", "(", ")", ";", "\"", "\\\"", "\n", "\r\n", " ", "\t", " 3 1 1 ", " 3 0 2 ", " 9", "256", "AB", "é", "\0", "_25._tcp.a. TLSA 3 1 1 ", Hash];
        Random random = new(7);
        int findings = 0;
        for (int round = 0; round < 5000; round++)
        {
            string zone = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            foreach (Finding finding in new Lint { Tlsa = zone }.Check<Dane004TlsaRecords>())
            {
                findings++;
                var at = finding.Position!.Value;
                Assert.InRange(at.Column - 1 + finding.Length, at.Column, at.File.Line(at.Line).Length);
            }
        }

        Assert.InRange(findings, 1000, int.MaxValue);
    }

    [Fact]
    public void Without_records_there_is_nothing_to_say() => new Lint { Main = "smtp_tls_security_level = dane\n" }.IsSilent<Dane004TlsaRecords>();
}
