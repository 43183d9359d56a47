using System.Net;
using System.Text.RegularExpressions;
using RcptVerify.TestKit.Processes;

namespace RcptVerify.TestKit.Postfix;

/// <summary>
/// A running Postfix of its own: configuration, queue, data and log lie in a temporary folder, it listens on free ports of 127.0.0.1.
/// The system's Postfix and its /etc/postfix are neither read nor touched.
/// </summary>
/// <remarks>Needs Debian's package postfix and root, as master(8) does. Made by <see cref="PostfixBuilder"/>.</remarks>
public sealed class PostfixInstance : IAsyncDisposable
{
    /// <summary>The mail log's name in the instance's folder: what main.cf must call maillog_file.</summary>
    public const string LogName = "maillog";

    private const string Program = "/usr/sbin/postfix";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TempFolder _folder = new();
    private bool _started;

    private PostfixInstance()
    {
    }

    /// <summary>The folder of main.cf and master.cf, for <c>postconf -c</c> and the like.</summary>
    public string ConfigDirectory => _folder.Combine("etc");

    /// <summary>Starts one with a configuration of the test's own; <see cref="PostfixBuilder"/> makes the usual one.</summary>
    /// <param name="mainCf">main.cf, for the folder where the queue is <c>spool</c>, the data <c>data</c> and the log <see cref="LogName"/>.</param>
    /// <param name="masterCf">master.cf.</param>
    /// <param name="ports">The ports that must answer.</param>
    /// <exception cref="InvalidOperationException">Postfix refused to start; the message holds what it said.</exception>
    /// <exception cref="TimeoutException">A port did not answer in time.</exception>
    public static async Task<PostfixInstance> StartAsync(
        Func<string, string> mainCf, Func<string> masterCf, IReadOnlyCollection<int> ports)
    {
        ArgumentNullException.ThrowIfNull(mainCf);
        ArgumentNullException.ThrowIfNull(masterCf);
        ArgumentNullException.ThrowIfNull(ports);
        PostfixInstance instance = new();
        try
        {
            instance._folder.CreateFolder("etc");
            instance._folder.CreateFolder("spool");
            string data = instance._folder.CreateFolder("data");
            instance._folder.WriteAged("etc/main.cf", mainCf(instance._folder.Path));
            instance._folder.Write("etc/master.cf", masterCf());

            // data_directory must be mail_owner's (postconf(5)); the rest of the queue is made by "postfix start".
            await instance.MustRunAsync("chown", ["postfix", data]);
            await instance.MustRunAsync(Program, ["-c", instance.ConfigDirectory, "start"]);
            instance._started = true;
            foreach (int port in ports)
            {
                await Eventually.ListensAsync(new IPEndPoint(IPAddress.Loopback, port), Patience, instance.ReadLog);
            }

            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    /// <summary>The whole mail log so far.</summary>
    public string ReadLog()
    {
        string path = _folder.Combine(LogName);
        return File.Exists(path) ? File.ReadAllText(path) : "";
    }

    /// <summary>Waits for a line of the mail log, from the past as well.</summary>
    /// <param name="pattern">A regular expression found anywhere in the line.</param>
    /// <param name="within">The deadline.</param>
    /// <returns>The line.</returns>
    /// <exception cref="TimeoutException">No such line came; the message holds the log.</exception>
    public async Task<string> WaitForLogAsync(string pattern, TimeSpan within)
    {
        Regex regex = new(pattern, RegexOptions.CultureInvariant);
        string? found = null;
        await Eventually.HoldsAsync(
            () => (found = Array.Find(ReadLog().Split('\n'), regex.IsMatch)) is not null,
            $"a log line like /{pattern}/",
            within,
            ReadLog);
        return found!;
    }

    /// <summary>Runs "postfix stop", which waits for the end of master(8) and its daemons, and removes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_started)
        {
            await MustRunAsync(Program, ["-c", ConfigDirectory, "stop"]);
        }

        _folder.Dispose();
    }

    private async Task MustRunAsync(string program, IEnumerable<string> arguments)
    {
        (int exitCode, string output) = await ChildProcess.RunAsync(program, arguments, Patience);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {exitCode}:\n{output}\n{ReadLog()}");
        }
    }
}
