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
        string name = variable[(variable.LastIndexOf("__", StringComparison.Ordinal) + 2)..].ToLowerInvariant();
        Key? key = number is null
            ? Keys.All.FirstOrDefault(key => key.Section != SectionNames.Route && key.EnvironmentName == variable)
            : Keys.AllowedIn(SectionNames.Route).FirstOrDefault(key => variable.EndsWith(RouteSuffix(key), StringComparison.Ordinal));
        if (key is null)
            errors.Add(origin, number is null ? UnknownKey.Environment(variable, Prefix) : UnknownKey.InSection(SectionNames.Route, name));
        else if (number > store.Routes.Count)
            errors.Add(origin, $"there is no route {number}: routes count from 0, the next new one is {store.Routes.Count}");
        else
            ScopeOf(number, origin).Set(key, origin, RawValue.Untyped(origin, text), errors);
    }

    private SettingScope ScopeOf(int? number, Origin origin)
    {
        if (number is not { } index)
            return store.Sections;
        return index < store.Routes.Count ? store.Routes[index] : store.AddRoute(origin);
    }

    private static string RouteSuffix(Key key) => $"__{key.Name.ToUpperInvariant()}";

    // RCPTVERIFY__ROUTE__12__SERVERS: 12. Written without leading zeros, so that a route has one name only.
    private static int? RouteNumber(string variable)
    {
        string[] parts = variable.Split("__");
        return parts is ["RCPTVERIFY", "ROUTE", var digits, _]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && digits == number.ToString(CultureInfo.InvariantCulture)
                ? number
                : null;
    }
}
