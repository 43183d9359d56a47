using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>TLSA records that senders do not use, or that the next renewal breaks.</summary>
internal sealed class Dane004TlsaRecords : PostfixRule
{
    private static readonly int[] Ports = [25, 465, 587];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context) => context.TlsaRecords is SourceFile file
        ? TlsaRecord.Parse(file).Where(record => IsOfMail(record.Name)).GroupBy(record => record.Name, StringComparer.Ordinal).SelectMany(group => Check([.. group]))
        : [];

    /// <summary>Whether a name is not plainly another service's: <c>_443._tcp.example.com</c> follows other rules.</summary>
    private static bool IsOfMail(string name)
    {
        string[] labels = name.Split('.', 3);
        return labels.Length < 2 || !labels[1].StartsWith('_') || !labels[0].StartsWith('_') || !int.TryParse(labels[0].AsSpan(1), out int port)
            || (labels[1] == "_tcp" && Ports.Contains(port));
    }

    private IEnumerable<Finding> Check(TlsaRecord[] records)
    {
        bool hasUsable = records.Any(record => record.IsUsable);
        foreach (TlsaRecord record in records)
        {
            if ((Unusable(record) ?? Unwise(record)) is Finding finding)
                yield return record.IsUsable ? finding : finding with { Effective = hasUsable ? "only the other records count" : "TLS without authentication" };
        }

        // An authority's record (usage 2) outlives the server's key.
        TlsaRecord[] usable = [.. records.Where(record => record.IsUsable)];
        if (usable is [{ Usage: 3 } only])
        {
            yield return Of(
                Severity.Notice,
                "the name has one record: no next key is announced, and a change of keys breaks delivery",
                only.Position,
                only.Length) with
            {
                Fix = "publish a second record, 3 1 1 of the next key or 2 1 1 of the authority",
            };
        }
    }

    /// <summary>What senders must pass over, RFC 7672 section 3.1.3 and what RFC 6698 calls unusable.</summary>
    private Finding? Unusable(TlsaRecord record)
    {
        if (record.Usage is 0 or 1)
        {
            return Of(
                Severity.Error,
                $"certificate usage {record.Usage} is of no use in SMTP: senders take the record for none",
                record.Position,
                record.Length) with
            {
                Fix = "3 1 1",
            };
        }

        if (record.NumberFault is string number)
        {
            return Of(Severity.Error, $"{number}: senders cannot use the record", record.Position, record.Length) with
            {
                Fix = "3 1 1 and the SHA-256 hash of the public key",
            };
        }

        return record.DataFault is string data
            ? Of(
                Severity.Error,
                $"{data}: no certificate can match the record, and senders cannot use it",
                record.DataPosition ?? record.Position,
                record.DataPosition is null ? record.Length : record.DataLength) with
            {
                Fix = record.Matching switch
                {
                    1 => "64 hexadecimal digits, the SHA-256 hash",
                    2 => "128 hexadecimal digits, the SHA-512 hash",
                    _ => "",
                },
            }
            : null;
    }

    private Finding? Unwise(TlsaRecord record)
    {
        if (record.Matching == 0)
        {
            return Of(
                Severity.Warning,
                "the whole certificate or key is in the DNS: the answer is large and often cut off",
                record.Position,
                record.Length) with
            {
                Fix = $"{record.Usage} {record.Selector} 1",
            };
        }

        return record is { Usage: 3, Selector: 0 }
            ? Of(
                Severity.Notice,
                "the record is of the certificate: every renewal breaks it, where one of the key can stay",
                record.Position,
                record.Length) with
            {
                Fix = "3 1 1",
            }
            : null;
    }
}
