namespace RcptVerify.Configuration;

/// <summary>What the value of a key must be, and how to read it.</summary>
/// <typeparam name="T">The type the options hold.</typeparam>
internal abstract class KeyType<T>(string description)
{
    /// <summary>What the value must be, to follow "expected": <c>a duration from 1s to 90s</c>.</summary>
    public string Description { get; } = description;

    /// <summary>Whether it, or each of a list, may be a string.</summary>
    public abstract bool TakesText { get; }

    /// <summary>Reads a value; on failure the errors say why and where.</summary>
    public abstract bool TryRead(RawValue raw, ErrorList errors, out T value);

    /// <summary>Turns the one-line notation of environment variables and defaults into TOML.</summary>
    public abstract string ToToml(string oneLine);
}

/// <summary>A single value, read from its text.</summary>
/// <param name="description">What it must be.</param>
/// <param name="shapes">The TOML kinds it may be written as; the first is the usual one.</param>
/// <param name="read">Reads the text; false when it is not what the description says.</param>
/// <param name="words">The words to choose from, for spelling hints; empty when there is no such list.</param>
internal sealed class ScalarType<T>(string description, ValueShape[] shapes, ScalarReader<T> read, params string[] words)
    : KeyType<T>(description)
{
    public override bool TakesText => shapes.Contains(ValueShape.Text);

    public override bool TryRead(RawValue raw, ErrorList errors, out T value)
    {
        value = default!;
        if (raw.Shape != ValueShape.Untyped && !shapes.Contains(raw.Shape))
            errors.Add(raw.Origin, $"expected {Description}, found {raw.ShapeName}");
        else if (!read(raw.Text, out value))
            errors.Add(raw.Origin, $"expected {Description}, found {Shown.Quoted(raw.Text)}{Spelling.Hint(raw.Text, words)}");
        else
            return true;
        return false;
    }

    public override string ToToml(string oneLine) => shapes[0] == ValueShape.Text ? Toml.Quote(oneLine) : oneLine;
}

/// <summary>Reads one scalar's text.</summary>
internal delegate bool ScalarReader<T>(string text, out T value);

/// <summary>A list whose items are all of one kind; the same item twice is an error.</summary>
internal sealed class ListType<T>(string description, ScalarType<T> item) : KeyType<IReadOnlyList<T>>(description)
{
    public override bool TakesText => item.TakesText;

    public override bool TryRead(RawValue raw, ErrorList errors, out IReadOnlyList<T> value)
    {
        value = [];
        if (raw.Shape is not (ValueShape.Untyped or ValueShape.List))
        {
            errors.Add(raw.Origin, $"expected {Description}, found {raw.ShapeName}");
            return false;
        }
        var items = new List<T>();
        bool readable = true;
        foreach (RawValue rawItem in raw.ToItems())
        {
            if (!item.TryRead(rawItem, errors, out T? one))
            {
                readable = false;
            }
            else if (items.Contains(one))
            {
                errors.Add(rawItem.Origin, $"{Shown.Quoted(rawItem.Text)} is listed twice");
                readable = false;
            }
            else
            {
                items.Add(one);
            }
        }
        value = items.AsReadOnly();
        return readable;
    }

    public override string ToToml(string oneLine) =>
        $"[{string.Join(", ", RawValue.Untyped(default, oneLine).ToItems().Select(one => item.ToToml(one.Text)))}]";
}
