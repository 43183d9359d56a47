using System.Runtime.CompilerServices;

namespace RcptVerify.PostfixConfig;

/// <summary>
/// Keeps what was made of long texts as long as they are in memory. The value of a parameter is one object, which services, releases and
/// rules all look at; one of ten megabytes is taken apart once.
/// </summary>
/// <typeparam name="T">What is made. It must not change.</typeparam>
/// <param name="make">Makes it.</param>
internal sealed class LongTexts<T>(Func<string, T> make)
    where T : class
{
    /// <summary>Shorter texts are as quickly taken apart as found, characters.</summary>
    public const int Shortest = 2000;

    private readonly ConditionalWeakTable<string, T> _kept = [];

    /// <summary>What is made of a text.</summary>
    public T Of(string text) => text.Length < Shortest ? make(text) : _kept.GetValue(text, key => make(key));
}
