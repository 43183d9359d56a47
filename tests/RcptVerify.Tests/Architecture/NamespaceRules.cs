namespace RcptVerify.Tests.Architecture;

/// <summary>Who may know whom: the table of the design, as code.</summary>
/// <remarks>
/// Names are namespaces below the product's root. The first segment counts, for Wire the first two; plain "Wire" is what its parts
/// share. A namespace that stands in no row is an error until somebody decides what it may know.
/// </remarks>
public static class NamespaceRules
{
    /// <summary>Open to all but Wire.</summary>
    private const string Telemetry = "Telemetry";

    /// <summary>The name that stands for all of them.</summary>
    private const string All = "*";

    /// <summary>What has nothing to do with answering: these may know anything but how answers come about.</summary>
    private static readonly string[] Aside = ["PostfixConfig", "Dane", "Setup", "Simulation", "Configuration", "Verification", "Wire", "Wire.Smtp"];

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Wire"] = [],
        ["Wire.Policy"] = ["Wire"],
        ["Wire.Milter"] = ["Wire"],
        ["Wire.Socketmap"] = ["Wire"],
        ["Wire.Smtp"] = ["Wire"],
        [Telemetry] = [],
        ["Verification"] = [],
        ["Caching"] = ["Verification"],
        ["Probing"] = ["Verification", "Wire", "Wire.Smtp"],
        ["Endpoints"] = ["Verification", "Wire", "Wire.Policy", "Wire.Milter", "Wire.Socketmap"],
        ["Configuration"] = ["Verification"],
        ["PostfixConfig"] = Aside,
        ["Dane"] = Aside,
        ["Setup"] = Aside,
        ["Simulation"] = Aside,
        ["Hosting"] = [All],
        ["Cli"] = [All],
    };

    /// <summary>Single types a namespace must not use although it may use their namespace.</summary>
    private static readonly (string From, string To, string Why)[] Forbidden =
    [
        ("Endpoints", "Verification.RecipientVerifier", "a door sees IRecipientVerifier and nothing deeper"),
        ("Endpoints", "Verification.IVerdictStore", "a door sees IRecipientVerifier and nothing deeper"),
        ("Endpoints", "Verification.IRecipientProber", "a door sees IRecipientVerifier and nothing deeper"),
        ("Endpoints", "Verification.InflightProbes", "a door sees IRecipientVerifier and nothing deeper"),
        ("Probing", "Verification.IVerdictStore", "probing never reads the cache"),
    ];

    /// <summary>Every use the table does not allow.</summary>
    /// <param name="root">The namespace all names of the table stand below.</param>
    /// <param name="references">The uses.</param>
    /// <returns>A sentence each, empty when all is well.</returns>
    public static IReadOnlyList<string> Violations(string root, IEnumerable<TypeReference> references)
    {
        List<string> violations = [];
        foreach (TypeReference reference in references)
        {
            if (PartOf(root, reference.From) is string from && PartOf(root, reference.To) is string to)
            {
                if (!MayKnow(from, to))
                {
                    violations.Add($"{reference.From} uses {reference.To}: {from} may not know {to}");
                }

                violations.AddRange(Forbidden
                    .Where(rule => rule.From == from && $"{root}.{rule.To}" == reference.To.ToString())
                    .Select(rule => $"{reference.From} uses {reference.To}: {rule.Why}"));
            }
        }

        violations.Sort(StringComparer.Ordinal);
        return violations;
    }

    /// <summary>The namespaces below the root that stand in no row of the table.</summary>
    public static IReadOnlyList<string> Unknown(string root, IEnumerable<TypeName> types) =>
        [.. types.Select(type => PartOf(root, type)).OfType<string>().Where(part => !Allowed.ContainsKey(part)).Distinct().Order()];

    private static bool MayKnow(string from, string to) =>
        from == to ||
        (Allowed.TryGetValue(from, out string[]? allowed) &&
            (allowed is [All] || allowed.Contains(to) || (to == Telemetry && !IsWire(from))));

    private static bool IsWire(string part) => part.Split('.')[0] == "Wire";

    /// <summary>The row a type belongs to; null when it is not ours or lies in the root itself, where only the entry point is.</summary>
    private static string? PartOf(string root, TypeName type)
    {
        if (!type.Namespace.StartsWith(root + ".", StringComparison.Ordinal))
        {
            return null;
        }

        string[] segments = type.Namespace[(root.Length + 1)..].Split('.');
        return segments[0] == "Wire" && segments.Length > 1 ? $"Wire.{segments[1]}" : segments[0];
    }
}
