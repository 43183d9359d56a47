namespace RcptVerify.Configuration;

/// <summary>Where a value was written.</summary>
/// <param name="Source">File, environment variable or command line argument, ready to be shown.</param>
/// <param name="Line">Line from 1, or 0 where there are no lines.</param>
/// <param name="Column">Column from 1, or 0 where there are no lines.</param>
internal readonly record struct Origin(string Source, int Line, int Column)
{
    /// <summary>The beginning of a source, for errors about all of it.</summary>
    public static Origin Whole(string source) => new(source, 0, 0);

    /// <summary><c>file:3:5</c>, or the source alone.</summary>
    public override string ToString() => Line == 0 ? Source : string.Create(null, $"{Source}:{Line}:{Column}");
}
