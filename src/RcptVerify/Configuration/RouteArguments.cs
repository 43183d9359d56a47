namespace RcptVerify.Configuration;

/// <summary>Reads routes from the command line: <c>--route DOMAIN[,DOMAIN]=HOST:PORT[,HOST:PORT]</c>.</summary>
internal static class RouteArguments
{
    /// <summary>Adds each argument as a route of its own; it does not replace a route of the file.</summary>
    public static void Read(IEnumerable<string> arguments, SettingStore store, ErrorList errors)
    {
        foreach (string argument in arguments)
        {
            Origin origin = Origin.Whole($"--route {Shown.Plain(argument, ConfigurationLimits.MaxQuotedLength)}");
            errors.Announce(origin.Source);
            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
            {
                errors.Add(origin, "expected DOMAIN[,DOMAIN]=HOST:PORT[,HOST:PORT]");
                continue;
            }
            SettingScope route = store.AddRoute(origin);
            route.Set(Keys.Routes.Domains, origin, RawValue.Untyped(origin, argument[..equals]), errors);
            route.Set(Keys.Routes.Servers, origin, RawValue.Untyped(origin, argument[(equals + 1)..]), errors);
        }
    }
}
