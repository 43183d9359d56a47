using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text.Json;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli.Cache;

/// <summary><c>cache</c>: looks into the cache of a running daemon, or of a store file, and changes it.</summary>
internal static class CacheCommand
{
    private static readonly Option<string?> Config = CommonOptions.Config();
    private static readonly Option<string?> Store = new("--store") { Description = "A store file, in place of a daemon.", HelpName = "[sqlite:]/PATH" };
    private static readonly Option<string?> Socket = new("--socket") { Description = "The daemon's Unix admin socket. Default: as the configuration says.", HelpName = "PATH" };
    private static readonly Option<string?> Url = new("--url") { Description = "The daemon's admin HTTP, in place of the socket.", HelpName = "http://127.0.0.1:PORT" };
    private static readonly Option<string?> Token = new("--token") { Description = "Its token, which ps(1) then shows. Default: as the configuration says.", HelpName = "TOKEN" };
    private static readonly Option<string?> TokenFile = new("--token-file") { Description = "A file that holds the token.", HelpName = "FILE" };
    private static readonly Option<bool> Json = CommonOptions.Json();

    public static Command Create() => new("cache", "Look into the cache of the running daemon, or change it; where none answers, in its store file.")
    {
        List(), Get(), Put(), Delete(), Purge(), Stats(), Export(), Import(),
    };

    private static Command List()
    {
        Option<string?> domain = new("--domain") { Description = "Only this domain; .d: all subdomains of d.", HelpName = "D" };
        Option<string?> status = new("--status") { Description = "Only these: deliverable, undeliverable, unknown.", HelpName = "S" };
        CommonOptions.OnlyAmong(status, "deliverable", "undeliverable", "unknown");
        Option<string?> older = new("--older-than") { Description = "Only what was learnt longer ago, like 7d.", HelpName = "DURATION" };
        Option<string?> newer = new("--newer-than") { Description = "Only what was learnt since, like 1h.", HelpName = "DURATION" };
        Option<int> limit = CommonOptions.Number("--limit", "At most so many.", least: 0, fallback: 100);
        return New("list", "Print verdicts.", [domain, status, older, newer, limit], (parsed, client, cancel) =>
        {
            string query = $"limit={parsed.GetValue(limit).ToString(CultureInfo.InvariantCulture)}";
            foreach ((Option<string?> option, string name) in new[] { (domain, "domain"), (status, "status") })
            {
                if (parsed.GetValue(option) is string value)
                    query += $"&{name}={Uri.EscapeDataString(value)}";
            }

            foreach ((Option<string?> option, string name) in new[] { (older, "older"), (newer, "newer") })
            {
                if (parsed.GetValue(option) is not string value)
                    continue;
                if (!PostfixDuration.TryParse(value, out TimeSpan duration))
                    return Task.FromResult(Complaints.Print($"{option.Name} {LogEscape.Text(value)}: expected a duration like 30s, 5m, 3h or 7d", ExitCode.Usage));
                query += string.Create(CultureInfo.InvariantCulture, $"&{name}={(long)duration.TotalSeconds}");
            }

            return PrintAsync(client, HttpMethod.Get, "/cache/export?" + query, null, parsed.GetValue(Json), cancel);
        });
    }

    private static Command Get()
    {
        Argument<string[]> addresses = Addresses();
        return New("get", "Print what is known of addresses; exit code 1 where there is one of which nothing is.", [addresses], (parsed, client, cancel) =>
            AddressCommands.GetAsync(client, parsed.GetValue(addresses)!, parsed.GetValue(Json), cancel));
    }

    private static Command Put()
    {
        Argument<string> address = new("ADDRESS") { Description = "The recipient." };
        Check(address, isNew: true);
        Option<string> status = new("--status") { Description = "deliverable or undeliverable.", HelpName = "S", Required = true };
        CommonOptions.OnlyAmong(status, "deliverable", "undeliverable");
        return New("put", "Set the verdict of an address, as if a probe had brought it now.", [address, status], async (parsed, client, cancel) =>
        {
            bool good = parsed.GetValue(status) == "deliverable";
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            string recipient = parsed.GetValue(address)!;
            VerdictLine line = new(recipient, parsed.GetValue(status), now, now, good ? 0 : 550, "set by hand", "", null, good ? "" : "5.1.1");
            return ImportReport.OfOne(recipient, await ImportAsync(client, new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(line, AdminJson.Default.VerdictLine)), "negatives=true&byhand=true", cancel), parsed.GetValue(Json));
        }, change: true);
    }

    private static Command Delete()
    {
        Argument<string[]> addresses = Addresses();
        return New("delete", "Forget addresses.", [addresses], (parsed, client, cancel) =>
            AddressCommands.DeleteAsync(client, parsed.GetValue(addresses)!, parsed.GetValue(Json), cancel), change: true);
    }

    private static Command Purge()
    {
        Option<bool> all = new("--all") { Description = "Everything." };
        Option<bool> negatives = new("--negatives") { Description = "All that is not deliverable." };
        Option<string?> domain = new("--domain") { Description = "One domain; .d: all subdomains of d.", HelpName = "D" };
        return New("purge", "Forget many addresses at once, in memory, in the file and on all nodes.", [all, negatives, domain], (parsed, client, cancel) =>
        {
            string? name = parsed.GetValue(domain);
            if ((parsed.GetValue(all) ? 1 : 0) + (parsed.GetValue(negatives) ? 1 : 0) + (name is null ? 0 : 1) != 1)
                return Task.FromResult(Complaints.Print("say one of --all, --negatives and --domain D", ExitCode.Usage));
            string scope = parsed.GetValue(all) ? "all" : parsed.GetValue(negatives) ? "negatives" : "domain&domain=" + Uri.EscapeDataString(name!);
            return PrintAsync(client, HttpMethod.Post, "/cache/purge?scope=" + scope, null, parsed.GetValue(Json), cancel, toText: ForgottenToText);
        }, change: true);
    }

    private static Command Stats() => New("stats", "Print how many verdicts there are.", [], (parsed, client, cancel) =>
        PrintAsync(client, HttpMethod.Get, "/cache/stats", null, parsed.GetValue(Json), cancel, toText: line => StatsToText(line, client.BaseAddress == StoreFile.Address)));

    private static Command Export() => New("export", "Print all verdicts, one JSON object a line.", [], (_, client, cancel) =>
        PrintAsync(client, HttpMethod.Get, "/cache/export", null, json: true, cancel));

    private static Command Import()
    {
        Argument<string> file = new("FILE") { Description = "What to read; - for standard input.", DefaultValueFactory = _ => "-" };
        Option<string> format = new("--format") { Description = "json, as export writes, or postfix, as postmap -s prints Postfix's verify map.", HelpName = "F", DefaultValueFactory = _ => "json" };
        CommonOptions.OnlyAmong(format, "json", "postfix");
        Option<bool> negatives = new("--negatives") { Description = "With postfix: refusals too, which include those that were not about the user." };
        return New("import", "Take verdicts from a file. Left out are those whose domain has no route, unless the line names the next hop that it came by and route_from_rcpt_host is on.", [file, format, negatives], async (parsed, client, cancel) =>
        {
            bool postfix = parsed.GetValue(format) == "postfix";
            string name = parsed.GetValue(file)!;
            (Stream? opened, string? problem) = Open(name);
            if (opened is null)
                return Complaints.Print($"{LogEscape.Text(name)}: {problem}", ExitCode.Usage);
            await using Stream input = opened;
            string query = $"format={(postfix ? "postfix" : "json")}&negatives={(!postfix || parsed.GetValue(negatives) ? "true" : "false")}";
            return ImportReport.Print(await ImportProgress.ShowAsync(input, stream => ImportAsync(client, new StreamContent(stream), query, cancel)), postfix ? "postfix" : "json", parsed.GetValue(Json));
        }, change: true);
    }

    /// <summary>Opens a file once: whoever writes to a pipe would find its reader gone after a look at it.</summary>
    private static (Stream? Opened, string? Problem) Open(string name)
    {
        try
        {
            return (name == "-" ? Console.OpenStandardInput() : File.OpenRead(name), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, LogEscape.Text(SystemWords.OfReading(e, name)));
        }
    }

    private static Argument<string[]> Addresses()
    {
        Argument<string[]> addresses = new("ADDRESS") { Description = "Recipients.", Arity = ArgumentArity.OneOrMore };
        Check(addresses, isNew: false);
        return addresses;
    }

    private static void Check(Argument addresses, bool isNew) => addresses.Validators.Add(result =>
    {
        foreach (string problem in result.Tokens.Select(token => AddressCommands.Problem(token.Value, isNew)).OfType<string>())
            result.AddError(problem);
    });

    private static Command New(string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, HttpClient, CancellationToken, Task<int>> run, bool change = false)
    {
        Command command = new(name, description);
        foreach (Symbol symbol in symbols.Concat([Config, Store, Socket, Url, Token, TokenFile, Json]))
        {
            if (symbol is Option option)
                command.Options.Add(option);
            else
                command.Arguments.Add((Argument)symbol);
        }

        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                CachePlace place = new(parsed.GetValue(Config), parsed.GetValue(Store), parsed.GetValue(Socket), parsed.GetValue(Url), parsed.GetValue(Token), parsed.GetValue(TokenFile));
                using AdminClient client = await AdminClient.FindAsync(place, change);
                int exitCode = await run(parsed, client.Client, cancel);
                return client.File is null || await client.File.CloseAsync()
                    ? exitCode
                    : Complaints.Print($"the file could not be read or written: {LogEscape.Text(client.File.Trouble)}", ExitCode.Tempfail);
            }
            catch (CachePlaceException e)
            {
                return Complaints.Print(e.Message, e.ExitCode);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                return Complaints.Print($"the daemon does not answer ({LogEscape.Text(e.GetBaseException().Message)}): is it running, with this admin socket, and may you use it?", ExitCode.Tempfail);
            }
        });
        return command;
    }

    private static async Task<(bool Done, string Body)> ImportAsync(HttpClient client, HttpContent content, string query, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri("/cache/import?" + query, UriKind.Relative)) { Content = content };
        request.Headers.ExpectContinue = true; // who is not let in hears of it before he sends a million lines
        using HttpResponseMessage response = await client.SendAsync(request, cancel);
        return response.IsSuccessStatusCode
            ? (true, await response.Content.ReadAsStringAsync(cancel))
            : (false, await ReadRefusalAsync(response, cancel));
    }

    internal static async Task<string> ReadRefusalAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        string body = (await response.Content.ReadAsStringAsync(cancel)).TrimEnd();
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => $"the daemon refuses: {body} (--token-file or [admin] token_file names the file that holds it)",
            HttpStatusCode.Forbidden or HttpStatusCode.MisdirectedRequest => $"the daemon refuses: {body}",
            _ => body,
        };
    }

    private static async Task<int> PrintAsync(
        HttpClient client, HttpMethod method, string path, HttpContent? content, bool json, CancellationToken cancel, Func<string, string>? toText = null)
    {
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative)) { Content = content };
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!response.IsSuccessStatusCode)
            return Complaints.Print(LogEscape.Text(await ReadRefusalAsync(response, cancel)), ExitCode.Usage);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(cancel));
        await using StreamWriter output = new(Console.OpenStandardOutput(), bufferSize: 64 << 10);
        while (await reader.ReadLineAsync(cancel) is { } line)
        {
            await output.WriteLineAsync(json ? line : (toText ?? ToText)(line));
        }

        return ExitCode.Ok;
    }

    internal static string ForgottenToText(string line) =>
        string.Create(CultureInfo.InvariantCulture, $"{JsonSerializer.Deserialize(line, AdminJson.Default.Forgotten)!.Count} forgotten");

    private static string StatsToText(string line, bool isFile)
    {
        CacheStats stats = JsonSerializer.Deserialize(line, AdminJson.Default.CacheStats)!;
        string inFile = stats.InFile is long rows ? rows.ToString(CultureInfo.InvariantCulture) : "no file, or none that can be read";
        if (isFile)
            return "in the file: " + inFile; // of a daemon's memory nothing is known here
        return string.Create(
            CultureInfo.InvariantCulture,
            $"in memory: {stats.InMemory} of at most {stats.MaxEntries}: {stats.Deliverable} deliverable, {stats.Undeliverable} undeliverable, {stats.Unknown} unknown\nin the file: {inFile}");
    }

    internal static string ToText(string line)
    {
        VerdictLine verdict = JsonSerializer.Deserialize(line, AdminJson.Default.VerdictLine)!;
        // What was imported, or set by hand, names no server, and often no code.
        string server = string.IsNullOrEmpty(verdict.Server) ? "" : ", " + LogEscape.Text(verdict.Server);
        string code = verdict.Code == 0 ? "" : verdict.Code.ToString(CultureInfo.InvariantCulture) + " ";
        if (verdict.Code != 0 && !string.IsNullOrEmpty(verdict.Enhanced))
            code += LogEscape.Text(verdict.Enhanced) + " ";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{LogEscape.Text(verdict.Address ?? "")}: {verdict.Status}, {verdict.Updated:yyyy-MM-dd'T'HH:mm:ss'Z'}{server}: {code}{LogEscape.Text(verdict.Text ?? "")}");
    }
}
