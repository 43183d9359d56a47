namespace RcptVerify.PostfixConfig.Ciphers;

/// <summary>What an alias of OpenSSL's cipher strings selects: null fields select by nothing. Fields of several words allow any of them.</summary>
internal sealed record CipherPattern
{
    /// <summary>Key exchanges.</summary>
    public string[]? KeyExchange { get; init; }

    /// <summary>Authentications.</summary>
    public string[]? Authentication { get; init; }

    /// <summary>Encryptions with their bits where it matters: <c>AESGCM256</c>.</summary>
    public string[]? Encryption { get; init; }

    /// <summary>MACs.</summary>
    public string[]? Mac { get; init; }

    /// <summary>The first protocol, exactly.</summary>
    public string? FirstProtocol { get; init; }

    /// <summary>H, M, L.</summary>
    public char? Strength { get; init; }

    /// <summary>Only what FIPS selects.</summary>
    public bool Fips { get; init; }

    /// <summary>Only what DEFAULT leaves out.</summary>
    public bool NotDefault { get; init; }

    /// <summary>The one suite of an explicit name.</summary>
    public CipherSuite? Suite { get; init; }

    /// <summary>A suite by its name. Joined with other words it stands for what it is made of.</summary>
    public static CipherPattern Of(CipherSuite suite) => new()
    {
        Suite = suite,
        KeyExchange = [suite.KeyExchange],
        Authentication = [suite.Authentication],
        Encryption = [suite.EncryptionAndBits],
        Mac = [suite.Mac],
    };

    /// <summary>Whether a suite is selected. A named suite selects itself whatever else was said.</summary>
    public bool Selects(CipherSuite suite) => Suite is not null
        ? Suite.Id == suite.Id
        : Allows(KeyExchange, suite.KeyExchange)
            && Allows(Authentication, suite.Authentication)
            && Allows(Encryption, suite.EncryptionAndBits)
            && Allows(Mac, suite.Mac)
            && (FirstProtocol is null || FirstProtocol == suite.FirstProtocol)
            && (Strength is null || Strength == suite.Strength)
            && (!Fips || suite.IsFips)
            && (!NotDefault || !suite.IsDefault);

    /// <summary>Both at once, as <c>+</c> joins them; null when they have nothing in common.</summary>
    public CipherPattern? And(CipherPattern other)
    {
        if (Apart(KeyExchange, other.KeyExchange) || Apart(Authentication, other.Authentication) || Apart(Encryption, other.Encryption) ||
            Apart(Mac, other.Mac) || (Strength is char mine && other.Strength is char theirs && mine != theirs) ||
            (other.Suite is null && FirstProtocol is string here && other.FirstProtocol is string there && here != there))
        {
            return null;
        }

        return new CipherPattern
        {
            KeyExchange = Both(KeyExchange, other.KeyExchange),
            Authentication = Both(Authentication, other.Authentication),
            Encryption = Both(Encryption, other.Encryption),
            Mac = Both(Mac, other.Mac),
            FirstProtocol = other.FirstProtocol ?? FirstProtocol,
            Strength = other.Strength ?? Strength,
            Fips = Fips || other.Fips,
            NotDefault = NotDefault || other.NotDefault,
            Suite = other.Suite ?? Suite,
        };
    }

    private static bool Allows(string[]? allowed, string word) => allowed is null || Array.IndexOf(allowed, word) >= 0;

    private static bool Apart(string[]? left, string[]? right) => left is not null && right is not null && !left.Intersect(right).Any();

    private static string[]? Both(string[]? left, string[]? right) => left is null ? right : right is null ? left : [.. left.Intersect(right)];
}
