using System.Globalization;
using System.Text;

namespace RcptVerify.Tests.Endpoints;

/// <summary>Socketmap requests as Postfix sends them, and the replies to them.</summary>
internal static class SocketmapSample
{
    public const string NotFound = "9:NOTFOUND ,";
    public const string Temp = "77:TEMP 4.3.0 Recipient cannot be verified at the moment, please try again later,";

    public static RequestWords Words { get; } = new(key => Request(key), Ok, NotFound, Temp, "4000:recipients ");

    public static string Request(string key, string map = "recipients") => Netstring($"{map} {key}");

    public static string Ok(string value) => Netstring($"OK {value}");

    private static string Netstring(string text) =>
        string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(text)}:{text},");
}
