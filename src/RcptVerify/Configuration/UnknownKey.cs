using static RcptVerify.Configuration.SectionNames;

namespace RcptVerify.Configuration;

/// <summary>Words the errors about names that do not exist, with the name that was probably meant.</summary>
internal static class UnknownKey
{
    /// <summary>A section that does not exist.</summary>
    public static string Section(string name) =>
        $"unknown section {Shown.Quoted(name)}{Spelling.Hint(name, All.Select(section => section.Name))}";

    /// <summary>A key before the first section.</summary>
    public static string OutsideSections(string name) =>
        $"unknown key {Shown.Quoted(name)} outside of all sections{HintElsewhere(name, Keys.All)}";

    /// <summary>A key that this section does not have: it belongs elsewhere, or is misspelt, or both.</summary>
    public static string InSection(string section, string name)
    {
        if (section == Route && Keys.All.FirstOrDefault(key => key.Name == name && key.InRoute == false) is { } global)
            return $"\"{name}\" cannot be set in a route: it belongs in [{global.Section}]";
        string where = section == Route ? "in a route" : $"in [{section}]";
        bool belongsElsewhere = Keys.All.Any(key => key.Name == name);
        string hint = belongsElsewhere ? "" : Spelling.Hint(name, Keys.AllowedIn(section).Select(key => key.Name));
        return $"unknown key {Shown.Quoted(name)} {where}{(hint.Length > 0 ? hint : HintElsewhere(name, Keys.All))}";
    }

    /// <summary>An environment variable with our prefix and no key behind it. The prefix does not count as well spelt letters.</summary>
    public static string Environment(string variable, string prefix)
    {
        IEnumerable<string> names =
            Keys.All.Select(key => key.EnvironmentName[prefix.Length..].Replace("__N__", "__0__", StringComparison.Ordinal));
        string hint = Spelling.Nearest(variable[prefix.Length..], names) is { } nearest ? $", did you mean \"{prefix}{nearest}\"?" : "";
        return $"no configuration key has this name{hint}";
    }

    private static string HintElsewhere(string name, IEnumerable<Key> keys)
    {
        if (Spelling.Nearest(name, keys.Select(key => key.Name)) is not { } nearest)
            return "";
        IEnumerable<string> sections =
            keys.Where(key => key.Name == nearest).Select(key => key.Section == Route ? "[[route]]" : $"[{key.Section}]");
        return $", did you mean \"{nearest}\" in {string.Join(" or ", sections)}?";
    }
}
