using System.Globalization;

namespace RcptVerify.Configuration;

/// <summary>
/// Reads settings from environment variables: <c>RCPTVERIFY__CACHE__MAX_ENTRIES=1000</c>, lists separated by commas.
/// <c>RCPTVERIFY__ROUTE__0__SERVERS</c> belongs to the first route; the number after the last route begins a new one.
/// A variable with our prefix that names no key is an error: it was meant to do something.
/// </summary>
internal sealed class EnvironmentSettings(SettingStore store, ErrorList errors)
{
    private const string Prefix = "RCPTVERIFY__";

    /// <summary>Adds what the variables set to the store, and what is wrong with them to the errors.</summary>
    public void Read(IReadOnlyDictionary<string, string> environment)
    {
        IEnumerable<string> names = environment.Keys
            .Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(name => RouteNumber(name) ?? -1).ThenBy(name => name, StringComparer.Ordinal);
        foreach (string name in names)
            Read(name, environment[name]);
    }

    private void Read(string variable, string text)
    {
        Origin origin = Origin.Whole(Shown.Plain(variable));
        errors.Announce(origin.Source);
        int? number = RouteNumber(variable);
        string generic = number is null ? variable : variable.Replace($"__{number}__", "__N__", StringComparison.Ordinal);
        Key? key = FindKey(generic, isRoute: number is not null);
        if (key is null)
            errors.Add(origin, UnknownKey.Environment(variable));
        else if (number > store.Routes.Count)
            errors.Add(origin, string.Create(CultureInfo.InvariantCulture, $"there is no route {number}: routes count from 0, the next new one is {store.Routes.Count}"));
        else
            ScopeOf(number, origin).Set(key, origin, RawValue.Untyped(origin, text), errors);
    }

    private SettingScope ScopeOf(int? number, Origin origin)
    {
        if (number is not { } index)
            return store.Sections;
        return index < store.Routes.Count ? store.Routes[index] : store.AddRoute(origin);
    }

    private static Key? FindKey(string generic, bool isRoute)
    {
        if (isRoute)
            return Keys.AllowedIn(SectionNames.Route).FirstOrDefault(key => generic == $"{Prefix}ROUTE__N__{key.Name.ToUpperInvariant()}");
        return Keys.All.FirstOrDefault(key => key.Section != SectionNames.Route && key.EnvironmentName == generic);
    }

    // RCPTVERIFY__ROUTE__12__SERVERS: 12. Written without leading zeros, so that a route has one name only.
    private static int? RouteNumber(string variable)
    {
        string[] parts = variable.Split("__");
        return parts is [_, "ROUTE", var digits, _]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && digits == number.ToString(CultureInfo.InvariantCulture)
                ? number
                : null;
    }
}
