using System.Net;
using Microsoft.Data.Sqlite;
using RcptVerify.IntegrationTests.Serving;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>A folder with a configuration and a store file, a server that knows everybody, one that knows nobody, and daemons on all that.</summary>
internal sealed class StoredDaemon : IAsyncDisposable
{
    public const string Known = "exists.lab.test";
    public const string Unknown = "unknown.lab.test";

    public const string Token = "a-token-of-the-tests";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly SmtpSink _accepting;
    private readonly SmtpSink _refusing;
    private readonly string _configuration;

    private StoredDaemon(TempFolder folder, SmtpSink accepting, SmtpSink refusing, string? store)
    {
        (Folder, _accepting, _refusing) = (folder, accepting, refusing);
        File = store ?? folder.Combine("cache.db");
        DaemonConfiguration configuration = new()
        {
            Listen = $"inet:{Policy}",
            Store = $"sqlite:{File}",
            Admin = $"socket = \"{folder.Combine("admin.sock")}\"\nlisten = \"inet:127.0.0.1:{AdminPort}\"\ntoken = \"{Token}\"",
        };
        _configuration = folder.Write("rcptverify.toml", configuration.Route(Known, accepting.Port).Route(Unknown, refusing.Port).ToString());
    }

    public TempFolder Folder { get; }

    public string File { get; }

    public IPEndPoint Policy { get; } = new(IPAddress.Loopback, FreePort.Next());

    public int AdminPort { get; } = FreePort.Next();

    public string ConfigurationFile => _configuration;

    /// <summary>The server that knows everybody, as verdicts name it.</summary>
    public string AcceptingServer => $"127.0.0.1:{_accepting.Port}";

    /// <summary>The one that knows nobody.</summary>
    public string RefusingServer => $"127.0.0.1:{_refusing.Port}";

    /// <summary>Recipients that the servers have been asked about.</summary>
    public int Probes => _accepting.Proxy.Recipients + _refusing.Proxy.Recipients;

    /// <param name="store">The store's path below the folder; by default <c>cache.db</c>.</param>
    public static async Task<StoredDaemon> CreateAsync(string? store = null)
    {
        TempFolder folder = new();
        return new StoredDaemon(
            folder,
            await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll),
            await SmtpSink.StartAsync(SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown")),
            store is null ? null : folder.Combine(store));
    }

    public Task<DaemonProcess> ServeAsync() => DaemonProcess.ServeAsync(_configuration, Policy);

    /// <summary>Asks about recipients one after the other; those of <see cref="Known"/> must be let in and the others refused.</summary>
    public async Task AskAsync(params IEnumerable<string> recipients)
    {
        using PolicyClient client = await PolicyClient.ConnectAsync(Policy);
        foreach (string recipient in recipients)
        {
            string action = await client.AskAsync(recipient);
            if (!action.StartsWith(ExpectedFor(recipient), StringComparison.Ordinal))
                throw new InvalidDataException($"{recipient}: {action}");
        }
    }

    /// <summary>What Postfix must be told about a recipient.</summary>
    public static string ExpectedFor(string recipient) => recipient.EndsWith(Known, StringComparison.Ordinal) ? "DUNNO" : "550 ";

    /// <summary>SIGTERM and a clean end.</summary>
    public static async Task StopAsync(DaemonProcess daemon)
    {
        int exitCode = await daemon.StopAsync(Patience);
        if (exitCode != 0)
            throw new InvalidDataException($"exit code {exitCode}\n{daemon.Output.Text}");
    }

    /// <summary>What the file holds; looked at in a copy, so that the daemon finds the file as the last one left it.</summary>
    public async Task<(string Integrity, Dictionary<string, string> Statuses)> ReadAsync()
    {
        (string integrity, Dictionary<string, (string Status, long Updated)> rows) = await ReadRowsAsync();
        return (integrity, rows.ToDictionary(row => row.Key, row => row.Value.Status));
    }

    /// <summary>As <see cref="ReadAsync"/>, with the date of each verdict in Unix milliseconds.</summary>
    public async Task<(string Integrity, Dictionary<string, (string Status, long Updated)> Rows)> ReadRowsAsync()
    {
        string copy = Folder.CreateFolder("copy");
        foreach (string file in Directory.GetFiles(Folder.Path, "cache.db*"))
            System.IO.File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        Dictionary<string, (string, long)> rows = [];
        string integrity;
        await using (SqliteConnection connection = new($"Data Source={Path.Combine(copy, "cache.db")};Pooling=False"))
        {
            connection.Open();
            await using SqliteCommand check = connection.CreateCommand();
            check.CommandText = "PRAGMA integrity_check";
            integrity = (string)check.ExecuteScalar()!;
            await using SqliteCommand all = connection.CreateCommand();
            all.CommandText = "SELECT address, status, updated FROM verdicts";
            await using SqliteDataReader reader = all.ExecuteReader();
            while (reader.Read())
                rows.Add(reader.GetString(0), (reader.GetString(1), reader.GetInt64(2)));
        }

        Directory.Delete(copy, recursive: true);
        return (integrity, rows);
    }

    public async ValueTask DisposeAsync()
    {
        await _accepting.DisposeAsync();
        await _refusing.DisposeAsync();
        Folder.Dispose();
    }
}
