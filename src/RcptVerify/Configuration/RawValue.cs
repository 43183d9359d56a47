namespace RcptVerify.Configuration;

/// <summary>The kinds of value a configuration can hold.</summary>
internal enum ValueShape
{
    /// <summary>From the environment, the command line or a default: a text that may stand for any kind.</summary>
    Untyped,
    Text,
    Integer,
    Boolean,
    List,
    Float,
    Date,
    Table,
}

/// <summary>A value as it was written, before its key has said what it must be.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Shape">Its kind.</param>
/// <param name="Text">The decoded text of a scalar; empty for lists and tables.</param>
/// <param name="Items">The items of a list; empty for everything else.</param>
internal sealed record RawValue(Origin Origin, ValueShape Shape, string Text, IReadOnlyList<RawValue> Items)
{
    /// <summary>A text that may stand for any kind; where a list is wanted, its items are separated by commas.</summary>
    public static RawValue Untyped(Origin origin, string text) => new(origin, ValueShape.Untyped, text, []);

    /// <summary>
    /// The items of a list, an untyped text split at its commas. Blanks around an item do not count; an empty text is an empty list.
    /// </summary>
    public IReadOnlyList<RawValue> ToItems()
    {
        if (Shape == ValueShape.List)
            return Items;
        return Text.Length == 0 ? [] : [.. Text.Split(',', StringSplitOptions.TrimEntries).Select(item => Untyped(Origin, item))];
    }

    /// <summary>The kind in a message: "a string", "a list".</summary>
    public string ShapeName => Shape switch
    {
        ValueShape.Text => "a string",
        ValueShape.Integer => "a whole number",
        ValueShape.Boolean => "true or false",
        ValueShape.List => "a list",
        ValueShape.Float => "a fractional number",
        ValueShape.Date => "a date or time",
        ValueShape.Table => "a table",
        _ => "a text",
    };
}
