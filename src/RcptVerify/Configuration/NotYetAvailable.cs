using RcptVerify.Verification;

namespace RcptVerify.Configuration;

/// <summary>
/// What the configuration can say and the program cannot do yet. Each line is removed, and the key's default raised to the one noted
/// here, by the work that makes it true.
/// </summary>
internal static class NotYetAvailable
{
    /// <summary>The refused values.</summary>
    public static IReadOnlyList<Refusal> All { get; } =
    [
        Refuse(Keys.Routes.Tls, value => value == TlsLevel.Dane, "level \"dane\" is not available yet: use \"verify\", or \"encrypt\" where the certificate cannot be checked"),
    ];

    /// <summary>Adds an error for each value set that is refused.</summary>
    public static void Check(SettingScope scope, ErrorList errors)
    {
        foreach (Refusal refusal in All)
        {
            if (scope.Find(refusal.Key) is { Raw: { } raw, Read: { } read } && refusal.Applies(read.Value))
                errors.Add(raw.Origin, refusal.Message);
        }
    }

    private static Refusal Refuse<T>(Key<T> key, Predicate<T> refused, string message, string? laterDefault = null) =>
        new(key, value => refused((T)value!), message, laterDefault);

    /// <summary>A refused value.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="Applies">Whether a value of that key is refused.</param>
    /// <param name="Message">What the user reads.</param>
    /// <param name="LaterDefault">The default once it is available; null when that is today's.</param>
    internal sealed record Refusal(Key Key, Predicate<object?> Applies, string Message, string? LaterDefault);
}
