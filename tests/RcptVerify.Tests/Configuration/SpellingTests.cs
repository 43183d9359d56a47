using RcptVerify.Configuration;
using Xunit;

namespace RcptVerify.Tests.Configuration;

public sealed class SpellingTests
{
    [Theory]
    [InlineData("smtpd_tls_protcols", "smtpd_tls_protocols")]
    [InlineData("smtpd_tls_portocols", "smtpd_tls_protocols")]
    [InlineData("SMTPD_TLS_PROTOCOLS", "smtpd_tls_protocols")]
    [InlineData("smtp_tls_ciphers", "smtp_tls_ciphers")]
    [InlineData("something_else_altogether", null)]
    [InlineData("", null)]
    public void The_nearest_name_is_found(string word, string? nearest) =>
        Assert.Equal(nearest, Spelling.Nearest(word, ["smtp_tls_ciphers", "smtpd_tls_ciphers", "smtp_tls_protocols", "smtpd_tls_protocols"]));

    [Fact]
    public void Of_equally_near_ones_the_first_is_taken() => Assert.Equal("abcd", Spelling.Nearest("abcx", ["abcd", "abce"]));

    [Fact]
    public void A_word_that_shares_no_letter_is_not_near() => Assert.Null(Spelling.Nearest("a", ["b"]));

    [Fact]
    public void What_is_worked_out_within_bounds_is_what_the_whole_table_says()
    {
        Random random = new(7);
        for (int round = 0; round < 20_000; round++)
        {
            string word = Word(random);
            string[] candidates = [.. Enumerable.Range(0, 4).Select(_ => Word(random))];
            Assert.Equal(Expected(word, candidates), Spelling.Nearest(word, candidates));
        }
    }

    private static string Word(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 10)).Select(_ => "abAB"[random.Next(4)]));

    private static string? Expected(string word, string[] candidates)
    {
        (string? Name, int Distance) best = (null, int.MaxValue);
        foreach (string candidate in candidates)
        {
            int distance = WholeTable(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance <= Math.Max(1, candidate.Length / 3) && distance < word.Length && distance < best.Distance)
                best = (candidate, distance);
        }

        return best.Name;
    }

    private static int WholeTable(string left, string right)
    {
        int[,] table = new int[left.Length + 1, right.Length + 1];
        for (int i = 0; i <= left.Length; i++)
        {
            for (int j = 0; j <= right.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                int replaced = table[i - 1, j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                table[i, j] = Math.Min(replaced, Math.Min(table[i - 1, j], table[i, j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }
        }

        return table[left.Length, right.Length];
    }
}
