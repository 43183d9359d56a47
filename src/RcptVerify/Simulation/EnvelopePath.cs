using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;

namespace RcptVerify.Simulation;

/// <summary>
/// The arguments of MAIL and RCPT: <c>FROM:&lt;path&gt; [SP parameters]</c> (RFC 5321 4.1.1.2, 4.1.1.3; no source routes).
/// </summary>
internal static class EnvelopePath
{
    private static readonly string[] MailParameters = ["SIZE", "BODY", "SMTPUTF8", "RET", "ENVID", "AUTH"];
    private static readonly string[] RcptParameters = ["NOTIFY", "ORCPT"];

    /// <summary>
    /// Takes the path out of <paramref name="argument"/>: the address in unquoted form (<c>"a b"@x</c> becomes <c>a b@x</c>), empty for
    /// <c>&lt;&gt;</c>. False when there is no well-formed path, it holds a control character, or it is not UTF-8.
    /// </summary>
    public static bool TryParse(
        ReadOnlySpan<byte> argument, ReadOnlySpan<byte> keyword, [NotNullWhen(true)] out string? address, out ReadOnlySpan<byte> parameters)
    {
        address = null;
        parameters = [];
        if (argument.Length < keyword.Length || !Ascii.EqualsIgnoreCase(argument[..keyword.Length], keyword))
            return false;

        ReadOnlySpan<byte> path = argument[keyword.Length..].TrimStart((byte)' ');
        int end = path.IsEmpty || path[0] != '<' ? -1 : FindEnd(path);
        if (end < 0)
            return false;

        ReadOnlySpan<byte> rest = path[(end + 1)..];
        if (!rest.IsEmpty && rest[0] != ' ')
            return false;

        parameters = rest.Trim((byte)' ');
        return TryUnquote(path[1..end], out address);
    }

    /// <summary>Whether every parameter of MAIL is one we know; tells what SIZE and SMTPUTF8 say.</summary>
    public static bool TryReadMailParameters(ReadOnlySpan<byte> parameters, out long size, out bool international)
    {
        size = 0;
        international = false;
        foreach (Range range in parameters.Split((byte)' '))
        {
            ReadOnlySpan<byte> parameter = parameters[range];
            if (parameter.IsEmpty)
                continue;
            if (!IsOneOf(MailParameters, parameter, out ReadOnlySpan<byte> value, out string? keyword))
                return false;
            if (keyword == "SIZE" && (!Utf8Parser.TryParse(value, out size, out int used) || used != value.Length || size < 0))
                return false;
            international |= keyword == "SMTPUTF8";
        }

        return true;
    }

    /// <summary>Whether every parameter of RCPT is one we know.</summary>
    public static bool AreRcptParameters(ReadOnlySpan<byte> parameters)
    {
        foreach (Range range in parameters.Split((byte)' '))
        {
            if (!parameters[range].IsEmpty && !IsOneOf(RcptParameters, parameters[range], out _, out _))
                return false;
        }

        return true;
    }

    private static bool IsOneOf(string[] keywords, ReadOnlySpan<byte> parameter, out ReadOnlySpan<byte> value, out string? keyword)
    {
        int equals = parameter.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? parameter : parameter[..equals];
        value = equals < 0 ? [] : parameter[(equals + 1)..];
        keyword = null;
        foreach (string candidate in keywords)
        {
            if (Ascii.EqualsIgnoreCase(name, candidate))
                keyword = candidate;
        }

        return keyword is not null;
    }

    /// <summary>The index of the closing bracket outside quotes; -1 when there is none.</summary>
    private static int FindEnd(ReadOnlySpan<byte> path)
    {
        bool quoted = false;
        for (int i = 1; i < path.Length; i++)
        {
            switch (path[i])
            {
                case (byte)'"':
                    quoted = !quoted;
                    break;
                case (byte)'\\' when quoted:
                    i++;
                    break;
                case (byte)'>' when !quoted:
                    return i;
            }
        }

        return -1;
    }

    private static bool TryUnquote(ReadOnlySpan<byte> mailbox, [NotNullWhen(true)] out string? address)
    {
        address = null;
        if (mailbox.ContainsAnyInRange((byte)0, (byte)0x1F) || mailbox.Contains((byte)0x7F) || !Utf8.IsValid(mailbox))
            return false;

        if (!mailbox.StartsWith("\""u8))
        {
            // A space or a quote must itself be quoted; without quotes it is no mailbox.
            address = Encoding.UTF8.GetString(mailbox);
            return !mailbox.ContainsAny((byte)' ', (byte)'"', (byte)'<');
        }

        byte[] scratch = ArrayPool<byte>.Shared.Rent(mailbox.Length);
        try
        {
            int length = 0;
            int i = 1;
            for (; i < mailbox.Length && mailbox[i] != '"'; i++)
            {
                if (mailbox[i] == '\\' && i + 1 < mailbox.Length)
                    i++;
                scratch[length++] = mailbox[i];
            }

            // What follows the quoted local part is the domain, taken as it is.
            if (i + 1 >= mailbox.Length || mailbox[i + 1] != '@')
                return false;
            mailbox[(i + 1)..].CopyTo(scratch.AsSpan(length));
            address = Encoding.UTF8.GetString(scratch, 0, length + mailbox.Length - i - 1);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }
}
