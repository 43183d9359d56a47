namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>What was read: a main.cf, and a master.cf where there is one.</summary>
/// <param name="Main">The parameters.</param>
/// <param name="Master">The services; null when none was given.</param>
/// <param name="Files">The texts.</param>
/// <param name="Folder">The configuration directory, for checks of other files; null when the text came from elsewhere.</param>
internal sealed record PostfixConfiguration(MainCf Main, MasterCf? Master, IReadOnlyList<SourceFile> Files, string? Folder)
{
    /// <summary>The services that hold; the ones of a stock master.cf that speak SMTP, when there is no master.cf.</summary>
    public IReadOnlyList<MasterService> Services => field ??= Master?.Services ?? StockServices.All;

    /// <summary>Reads texts.</summary>
    /// <param name="main">main.cf.</param>
    /// <param name="master">master.cf, null for none.</param>
    public static PostfixConfiguration Parse(string main, string? master = null)
    {
        SourceFile mainFile = new("main.cf", main);
        SourceFile? masterFile = master is null ? null : new("master.cf", master);
        return Of(mainFile, masterFile, null);
    }

    /// <summary>Reads texts that have names.</summary>
    public static PostfixConfiguration Of(SourceFile main, SourceFile? master, string? folder) =>
        new(MainCf.Parse(main), master is null ? null : MasterCf.Parse(master), master is null ? [main] : [main, master], folder);

    /// <summary>Reads one text that holds parameters, services or both, as <c>postconf -n; postconf -M</c> prints them.</summary>
    public static PostfixConfiguration OfMixed(SourceFile file)
    {
        ILookup<bool, LogicalLine> lines = LogicalLines.Of(file).ToLookup(MasterCf.LooksLikeService);
        LogicalLine[] services = [.. lines[true]];
        return new(MainCf.Parse([.. lines[false]]), services.Length == 0 ? null : MasterCf.Parse(services), [file], null);
    }
}
