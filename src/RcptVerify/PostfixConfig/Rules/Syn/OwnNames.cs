using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>Names that Postfix does not have and that are legal all the same.</summary>
internal sealed class OwnNames
{
    private static readonly string[] ServiceEndings =
    [
        "_destination_concurrency_limit", "_destination_concurrency_failed_cohort_limit", "_destination_concurrency_negative_feedback",
        "_destination_concurrency_positive_feedback", "_destination_recipient_limit", "_destination_rate_delay", "_transport_rate_delay",
        "_initial_destination_concurrency", "_recipient_limit", "_extra_recipient_limit", "_recipient_refill_limit",
        "_recipient_refill_delay", "_delivery_slot_cost", "_delivery_slot_discount", "_delivery_slot_loan", "_minimum_delivery_slots",
        "_time_limit",
    ];

    private readonly RuleContext _context;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _tables = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _tablesBySpan;

    /// <summary>Gathers what values use, classes of restrictions, and tables whose settings stand in main.cf.</summary>
    public OwnNames(RuleContext context)
    {
        _context = context;
        _tablesBySpan = _tables.GetAlternateLookup<ReadOnlySpan<char>>();
        _tables.UnionWith(context.Definitions.DatabaseTables);
        foreach (WrittenValue option in context.Options)
            DatabaseTables.Gather(option.Raw, _tables);

        // virtual_maps is no parameter any more and has its effect all the same: virtual_alias_maps is $virtual_maps by default.
        foreach (string parameter in PostfixDefaults.Names)
        {
            foreach ((string name, _, _) in NameReferences.Of(PostfixDefaults.Of(parameter, context.Target) ?? ""))
                _names.Add(name);
        }

        foreach (string argument in context.Services.SelectMany(service => service.Service.Arguments))
        {
            foreach ((string name, _, _) in NameReferences.Of(argument))
                _names.Add(name);
        }

        foreach (string name in context.Main["smtpd_restriction_classes"].Words.Concat(
            context.Services.SelectMany(service => service.Service.Find("smtpd_restriction_classes") is null ? [] : service["smtpd_restriction_classes"].Words)))
            _names.Add(name);
    }

    /// <summary>Whether a name may be one of the user's own.</summary>
    public bool Contains(string name)
    {
        if (_names.Contains(name) || _context.IsReferredTo(name) || ServiceEndings.Any(end => name.Length > end.Length && name.EndsWith(end, StringComparison.Ordinal)))
            return true;
        for (int at = _tables.Count == 0 ? -1 : name.IndexOf('_'); at > 0; at = name.IndexOf('_', at + 1))
        {
            if (_tablesBySpan.Contains(name.AsSpan(0, at)))
                return true;
        }

        return false;
    }
}
