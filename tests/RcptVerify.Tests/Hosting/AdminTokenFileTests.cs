using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.Hosting;

public sealed class AdminTokenFileTests : IDisposable
{
    private const string Token = "a-token-of-the-tests";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Token)]
    [InlineData(Token + "\n")]
    [InlineData(" " + Token + "\r\n\n")]
    public void The_token_is_the_files_content_without_the_space_around_it(string content)
    {
        Assert.Equal(Token, AdminTokenFile.Read(Write(content, "0600"), out string exposed));
        Assert.Empty(exposed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tooshort")]
    [InlineData("two-tokens-in-a-file\ntwo-tokens-in-a-file")]
    [InlineData("sixteen-letters-\u00e4")]
    [InlineData("sixteen-letters\0-")]
    public void What_is_no_token_is_told_without_being_quoted(string content)
    {
        string path = Write(content, "0600");
        string message = Assert.Throws<IOException>(() => AdminTokenFile.Read(path, out _)).Message;
        Assert.Equal($"the token file {path}: expected 16 to 256 printable ASCII characters without spaces and nothing else", message);
    }

    [Fact]
    public void A_file_of_any_size_is_read_no_further_than_a_token_can_be() =>
        Assert.Throws<IOException>(() => AdminTokenFile.Read("/dev/zero", out _));

    [Theory]
    [InlineData("0600", false)]
    [InlineData("0640", false)]
    [InlineData("0444", true)]
    public void A_file_that_everybody_may_read_is_told_and_used(string mode, bool told)
    {
        Assert.Equal(Token, AdminTokenFile.Read(Write(Token, mode), out string exposed));
        Assert.Equal(told, exposed.Contains($"(mode {mode})", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_everybody_may_write_to_is_no_secret_and_not_used() =>
        Assert.Contains("can be written to by everybody (mode 0602)", Assert.Throws<IOException>(() => AdminTokenFile.Read(Write(Token, "0602"), out _)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_missing_or_a_folder_is_told()
    {
        Assert.EndsWith("does not exist", Assert.Throws<IOException>(() => AdminTokenFile.Read(_folder.Combine("none/token"), out _)).Message, StringComparison.Ordinal);
        Assert.EndsWith("is a directory", Assert.Throws<IOException>(() => AdminTokenFile.Read(_folder.Path, out _)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_options_name_the_file_or_the_token_itself()
    {
        Assert.Equal(Token, AdminTokenFile.TokenOf(new AdminOptions { TokenFile = Write(Token, "0600") }, out _));
        Assert.Equal("the-configurations-own", AdminTokenFile.TokenOf(new AdminOptions { Token = "the-configurations-own" }, out _));
        Assert.Empty(AdminTokenFile.TokenOf(new AdminOptions(), out _));
    }

    private string Write(string content, string mode)
    {
        string path = _folder.Write("token", content);
        File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(mode, 8));
        return path;
    }
}
