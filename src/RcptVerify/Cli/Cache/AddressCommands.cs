using System.Text;
using System.Text.Json;
using RcptVerify.Hosting;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Cli.Cache;

/// <summary><c>cache get</c> and <c>cache delete</c>: one address after the other, so that each can be spoken of by its name.</summary>
internal static class AddressCommands
{
    /// <summary>Why a word is no address; null where it is one: whoever mistypes one is not to hear that nothing is known of it.</summary>
    /// <param name="address">What somebody wrote.</param>
    /// <param name="isNew">Stricter, for one that is to be put: no empty local part and no white space, which Postfix's internal form may have.</param>
    public static string? Problem(string address, bool isNew)
    {
        RecipientAddress.Parse(address, caseSensitive: false, out AddressProblem problem);
        string? why = problem != AddressProblem.None ? CommonOptions.Describe(problem)
            : isNew && address[0] == '@' ? CommonOptions.Describe(AddressProblem.NoDomain)
            : isNew && address.Any(char.IsWhiteSpace) ? "it has white space"
            : null;
        return why is null ? null : $"{(address.Length == 0 ? "\"\"" : LogEscape.Text(address))}: not an address: {why}";
    }

    /// <summary>Prints what is known of each; says of which nothing is.</summary>
    public static async Task<int> GetAsync(HttpClient client, string[] addresses, bool json, CancellationToken cancel)
    {
        int exitCode = ExitCode.Ok;
        foreach (string address in addresses)
        {
            (bool isFine, string body) = await AskAsync(client, "/cache/get", address, cancel);
            if (!isFine)
                return Complaints.Print(LogEscape.Text(body), ExitCode.Usage);
            if (body.Length == 0)
                exitCode = Complaints.Print($"{LogEscape.Text(address)}: nothing is known", ExitCode.No);
            else
                Console.Out.WriteLine(json ? body : CacheCommand.ToText(body));
        }

        return exitCode;
    }

    /// <summary>Forgets each; says of which nothing was known.</summary>
    public static async Task<int> DeleteAsync(HttpClient client, string[] addresses, bool json, CancellationToken cancel)
    {
        int forgotten = 0;
        foreach (string address in addresses)
        {
            (bool isFine, string body) = await AskAsync(client, "/cache/delete", address, cancel);
            if (!isFine)
                return Complaints.Print(LogEscape.Text(body), ExitCode.Usage);
            int count = JsonSerializer.Deserialize(body, AdminJson.Default.Forgotten)!.Count;
            forgotten += count;
            if (count == 0)
                Complaints.Print($"{LogEscape.Text(address)}: nothing was known", ExitCode.Ok);
        }

        string answer = JsonSerializer.Serialize(new Forgotten(forgotten), AdminJson.Default.Forgotten);
        Console.Out.WriteLine(json ? answer : CacheCommand.ForgottenToText(answer));
        return ExitCode.Ok;
    }

    private static async Task<(bool IsFine, string Body)> AskAsync(HttpClient client, string path, string address, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = LineOf(address) };
        using HttpResponseMessage response = await client.SendAsync(request, cancel);
        return response.IsSuccessStatusCode
            ? (true, (await response.Content.ReadAsStringAsync(cancel)).TrimEnd())
            : (false, await CacheCommand.ReadRefusalAsync(response, cancel));
    }

    private static ByteArrayContent LineOf(string address) => new(Encoding.UTF8.GetBytes(address + "\n"));
}
