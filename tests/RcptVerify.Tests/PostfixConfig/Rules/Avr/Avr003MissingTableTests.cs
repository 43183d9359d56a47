using RcptVerify.PostfixConfig.Rules.Avr;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Rules.Avr;

public sealed class Avr003MissingTableTests
{
    private const string Master = "smtp inet n - n - - smtpd\nsmtp unix - - n - - smtp\nverify-data unix - - n - - smtp\n";

    [Fact]
    public void A_table_that_is_not_there_is_found_once_and_underlined()
    {
        var finding = new Lint
        {
            Main = "transport_maps = pcre:/here, hash:/etc/postfix/gone\naddress_verify_transport_maps = $transport_maps\n",
            Files = new FakeFiles().With("/here"),
        }.Single<Avr003MissingTable>();
        Assert.Equal(("main.cf:1", 30, 22), (finding.Position.ToString(), finding.Position!.Value.Column, finding.Length));
        Assert.Equal("write the entries to /etc/postfix/gone, then: postmap hash:/etc/postfix/gone", finding.Fix);
    }

    [Theory]
    [InlineData("hash:/t", "/t", "postmap hash:/t")]
    [InlineData("lmdb:/t", "/t", "postmap lmdb:/t")]
    [InlineData("lmdb:/t", "/t.db", "write the entries to /t, then: postmap lmdb:/t")]
    [InlineData("proxy:cdb:/t", "/t", "postmap cdb:/t")]
    [InlineData("regexp:/t", "/other", "create /t")]
    public void What_is_missing_decides_what_is_to_be_done(string table, string present, string fix) => Assert.Equal(
        fix,
        new Lint { Main = $"relay_recipient_maps = {table}\n", Files = new FakeFiles().With(present) }.Single<Avr003MissingTable>().Fix);

    [Theory]
    [InlineData("hash:/t", "/t.db")]
    [InlineData("lmdb:/t", "/t.lmdb")]
    [InlineData("texthash:/t", "/t")]
    [InlineData("ldap:accounts, static:x, socketmap:inet:h:1:name, inline:{a=b}, hash:relative", "/t")]
    public void What_is_there_or_is_no_file_is_silent(string table, string present) =>
        new Lint { Main = $"relay_recipient_maps = {table}\n", Files = new FakeFiles().With(present) }.IsSilent<Avr003MissingTable>();

    [Fact]
    public void Nothing_is_said_of_files_that_nobody_can_see() =>
        new Lint { Main = "transport_maps = hash:/etc/postfix/gone\n" }.IsSilent<Avr003MissingTable>();

    [Fact]
    public void A_transport_that_master_cf_lacks_is_found_in_parameters() => Assert.Equal(
        ["error address_verify_default_transport@main.cf:1 []", "error content_filter@main.cf:2 []"],
        new Lint
        {
            Main = "address_verify_default_transport = direct:[10.0.0.1]\ncontent_filter = amavis:[127.0.0.1]:10024\ndefault_transport = smtp\nrelay_transport = \n",
            Master = Master,
        }.Brief<Avr003MissingTable>());

    [Fact]
    public void Without_a_master_cf_nobody_knows_the_transports() =>
        new Lint { Main = "default_transport = direct\n" }.IsSilent<Avr003MissingTable>();

    [Fact]
    public void A_transport_that_master_cf_lacks_is_found_in_tables()
    {
        string source = "# comment smtpx:\na.example smtp:[10.0.0.1]\nb.example   verify-data:\nc.example wrong-data:\n  continued:x\n"
            + "d.example :[10.0.0.2]\ne.example\nf.example wrong-data:[x]\n/^g\\./ gone:$1\nh.example bad\u001b[31m:\n";
        var finding = new Lint
        {
            Main = "transport_maps = hash:/t\n",
            Master = Master,
            Files = new FakeFiles().With("/t", source).With("/t.db"),
        }.Single<Avr003MissingTable>();
        Assert.Equal("the table names transports that master.cf does not have (wrong-data, gone): mail for their destinations stays in the queue", finding.Message);
    }

    [Fact]
    public void A_table_of_recipients_names_no_transports() => new Lint
    {
        Main = "relay_recipient_maps = hash:/t\n",
        Master = Master,
        Files = new FakeFiles().With("/t", "user@example.com OK\n").With("/t.db"),
    }.IsSilent<Avr003MissingTable>();

    [Fact]
    public void A_long_list_of_names_is_cut_short()
    {
        string source = string.Concat(Enumerable.Range(0, 1000).Select(n => $"d{n} t{n}:\n"));
        var finding = new Lint
        {
            Main = "transport_maps = texthash:/t\n",
            Master = Master,
            Files = new FakeFiles().With("/t", source),
        }.Single<Avr003MissingTable>();
        Assert.Contains("(t0, t1, t2, t3, t4 …)", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("static:gone:[10.0.0.1]", 1)]
    [InlineData("static:smtp:[10.0.0.1]", 0)]
    [InlineData("static:smtp", 0)]
    public void A_transport_that_master_cf_lacks_is_found_behind_static(string table, int expected) =>
        Assert.Equal(expected, new Lint { Main = $"transport_maps = {table}\n", Master = Master }.Check<Avr003MissingTable>().Count);
}
