using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>
/// One rule. It looks at what a configuration does for one release, never at its text alone, and knows nothing of other rules. Its
/// class and its page bear the same name (<c>Pro001InvalidToken</c>) and stand beside each other.
/// </summary>
internal abstract class PostfixRule
{
    private string? _id;

    /// <summary>The id: <c>RV-PRO-001</c> for <c>Pro001InvalidToken</c>.</summary>
    public string Id => _id ??= IdOf(GetType().Name);

    /// <summary>What it finds. It must not throw, whatever the configuration is.</summary>
    public abstract IEnumerable<Finding> Check(RuleContext context);

    /// <summary>A finding about a value that somebody wrote, or about a default.</summary>
    /// <param name="severity">How bad.</param>
    /// <param name="message">See <see cref="Finding.Message"/>.</param>
    /// <param name="value">The value; its place is underlined, that of the service's TLS level where it is a default.</param>
    /// <param name="service">The service it holds for; null for none in particular.</param>
    /// <param name="word">The word of the value to underline; null for all of it.</param>
    protected Finding Of(Severity severity, string message, EffectiveValue value, EffectiveService? service = null, (int Offset, int Length)? word = null)
    {
        (int offset, int length) = word is { } part && value.Raw == value.Text ? part : (0, value.Raw.Length);
        SourcePosition? position = value.PositionAt(offset);
        return new Finding
        {
            Rule = Id,
            Severity = severity,
            Message = message,
            Parameter = value.Name,
            Services = service is null ? [] : [service.Id],
            // A default is written nowhere: the line that turns TLS on is what it follows from.
            Position = position ?? service?.Tls?.LevelValue.Position,
            Length = position is null ? 0 : length,
        };
    }

    /// <summary>A finding about a value as it is written, whether or not it has an effect.</summary>
    protected Finding Of(Severity severity, string message, WrittenValue written, (int Offset, int Length)? word = null)
    {
        (int offset, int length) = word ?? (0, written.Raw.Length);
        return new Finding
        {
            Rule = Id,
            Severity = severity,
            Message = message,
            Parameter = written.Name,
            Services = written.Service is null ? [] : [written.Service.Id],
            Position = length == 0 ? written.Position : written.ValuePositionAt(offset),
            Length = length == 0 ? written.Name.Length : length,
        };
    }

    /// <summary>A finding about a service as a whole.</summary>
    protected Finding Of(Severity severity, string message, EffectiveService service, string parameter = "") => new()
    {
        Rule = Id,
        Severity = severity,
        Message = message,
        Parameter = parameter,
        Services = [service.Id],
        Position = service.Service.Position,
        Length = service.Service.Position is null ? 0 : service.Service.Name.Length,
    };

    /// <summary>A finding about a place, or about what is missing everywhere.</summary>
    protected Finding Of(Severity severity, string message, SourcePosition? position = null, int length = 0, string parameter = "") => new()
    {
        Rule = Id,
        Severity = severity,
        Message = message,
        Parameter = parameter,
        Position = position,
        Length = length,
    };

    private static string IdOf(string name)
    {
        int digits = name.AsSpan().IndexOfAnyInRange('0', '9');
        return $"RV-{name[..digits].ToUpperInvariant()}-{name.AsSpan(digits, 3)}";
    }
}
