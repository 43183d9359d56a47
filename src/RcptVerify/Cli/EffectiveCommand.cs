using System.CommandLine;
using System.Text.Json;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary><c>effective</c>: what TLS each service of a Postfix configuration really does.</summary>
internal static class EffectiveCommand
{
    private const int MaxErrors = 20;
    private const int MaxDetail = 80;

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static Command Create()
    {
        Argument<string> path = new("PATH")
        {
            Description = "A directory with main.cf and master.cf, or a main.cf; - for standard input.",
            DefaultValueFactory = _ => InstalledPostfix.Folder,
        };
        Option<string?> postfix = new("--postfix") { Description = "The release of Postfix, 2.6 to 3.12. Default: the installed one for its own configuration, else the newest.", HelpName = "X.Y[.Z]" };
        Option<string?> openSsl = new("--openssl") { Description = "The release of OpenSSL Postfix runs with. Default: 3.0 is assumed, 1.0.2 beside Postfix before 3.1.", HelpName = "X.Y" };
        Option<bool> json = CommonOptions.Json();
        Command command = new("effective", "What TLS each service of a Postfix configuration really does: level, protocols, ciphers.") { path, postfix, openSsl, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(path), parsed.GetValue(postfix), parsed.GetValue(openSsl), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string path, string? postfix, string? openSsl, bool json)
    {
        PostfixVersion? saidPostfix = null;
        if (postfix is not null)
        {
            if (!PostfixVersion.TryParse(postfix, out PostfixVersion version))
                return Complaints.Print($"--postfix {LogEscape.Text(postfix)}: no release of Postfix; say for instance 3.9", ExitCode.Usage);
            saidPostfix = version;
        }

        OpenSslVersion? saidOpenSsl = null;
        if (openSsl is not null)
        {
            if (!OpenSslVersion.TryParse(openSsl, out OpenSslVersion version))
                return Complaints.Print($"--openssl {LogEscape.Text(openSsl)}: no release of OpenSSL; say for instance 3.0", ExitCode.Usage);
            saidOpenSsl = version;
        }

        (PostfixConfiguration? configuration, string? error) = ConfigurationReader.Read(path, Console.In);
        if (configuration is null)
            return Complaints.Print(LogEscape.Text(error!), ExitCode.Usage);
        SyntaxError[] errors = [.. configuration.Main.Errors, .. configuration.Master?.Errors ?? []];
        if (errors.Length > 0)
            return Complain(errors);
        Target target = TargetRange.Of(saidPostfix, saidOpenSsl, null, configuration).Newest;
        EffectiveService[] usual = [.. EffectiveConfiguration.Of(configuration, target).Services.Where(service => service.Tls is not null)];
        EffectiveService[] stressed = !EffectiveConfiguration.SpeaksOfStress(configuration) ? []
            : [.. EffectiveConfiguration.Of(configuration, target, stress: true).Services.Where(service => service.Tls is not null)];
        EffectiveTls[] services = [.. usual.Select((service, at) => EffectiveTls.Of(service, stressed.ElementAtOrDefault(at)))];
        Console.Out.Write(json ? Json(services) : Table(services, target));
        return ExitCode.Ok;
    }

    /// <summary>Postfix would not start with these, or a daemon of it: there is no effect to print.</summary>
    private static int Complain(SyntaxError[] errors)
    {
        foreach (SyntaxError error in errors.Take(MaxErrors))
        {
            string detail = error.Detail.Length > MaxDetail ? error.Detail[..MaxDetail] + "…" : error.Detail;
            Console.Error.WriteLine($"{LogEscape.Text(error.Position.File.Label)}:{error.Position.Line}:{error.Position.Column}: {Text(error.Kind)}: {LogEscape.Text(detail)}");
        }

        return Complaints.Print($"{errors.Length} lines that Postfix does not take; nothing can be said of this configuration before they are mended", ExitCode.Usage);
    }

    private static string Text(SyntaxErrorKind kind) => kind switch
    {
        SyntaxErrorKind.LeadingWhiteSpace => "it begins with white space and continues no line",
        SyntaxErrorKind.MissingEquals => "a name without \"=\"",
        SyntaxErrorKind.MissingName => "a \"=\" without a name",
        SyntaxErrorKind.FieldCount => "a service has eight fields",
        SyntaxErrorKind.ServiceType => "no type of a service",
        SyntaxErrorKind.FieldValue => "not a value for this field",
        SyntaxErrorKind.OverrideForm => "-o wants name=value",
        SyntaxErrorKind.OpenBrace => "a brace is not closed",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static string Table(EffectiveTls[] services, Target target)
    {
        StringWriter text = new();
        text.WriteLine($"As Postfix {target.Postfix} with OpenSSL {target.OpenSslText} runs it:");
        foreach (EffectiveTls tls in services)
        {
            text.WriteLine();
            text.WriteLine($"{LogEscape.Text(tls.Service)}  {LogEscape.Text(tls.Daemon)}  {Level(tls)}");
            Lists(tls);
            if (tls.UnderStress is EffectiveTls stressed)
            {
                text.WriteLine($"  under stress, while all processes are busy: {Level(stressed)}");
                Lists(stressed);
            }

            foreach ((string name, string source) in tls.Sources)
                text.WriteLine($"  {name}: {LogEscape.Text(source)}");
        }

        return text.ToString();

        void Lists(EffectiveTls tls)
        {
            text.WriteLine($"  protocols  {(tls.Protocols.Count == 0 ? "none" : string.Join(' ', tls.Protocols))}");
            text.WriteLine($"  ciphers    {(tls.CipherList.Length == 0 ? "none" : LogEscape.Text(tls.CipherList))}");
        }
    }

    private static string Level(EffectiveTls tls) =>
        $"level {tls.Level}, TLS {(tls.IsOn ? "on" : "off")}{(tls.AuthOnly ? ", AUTH inside TLS only" : "")}";

    private static string Json(EffectiveTls[] services)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, Indented))
        {
            json.WriteStartObject();
            json.WriteStartArray("services");
            foreach (EffectiveTls service in services)
                service.Write(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray()) + Environment.NewLine;
    }
}
