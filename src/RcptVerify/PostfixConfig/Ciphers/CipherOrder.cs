using System.Runtime.CompilerServices;

namespace RcptVerify.PostfixConfig.Ciphers;

/// <summary>
/// The list of suites that a cipher string works on, as ssl_cipher_apply_rule of OpenSSL: suites are active or not, and commands move
/// them. A removed suite keeps a place so that a later command may bring it back.
/// </summary>
internal sealed class CipherOrder
{
    /// <summary>The order that OpenSSL prefers, which is where every string begins.</summary>
    private static readonly ConditionalWeakTable<IReadOnlyList<CipherSuite>, CipherSuite[]> Preferred = [];

    private readonly LinkedList<CipherSuite> _suites;
    private readonly HashSet<int> _active = [];

    /// <summary>All suites inactive, in the order OpenSSL prefers.</summary>
    public CipherOrder(IReadOnlyList<CipherSuite> suites)
    {
        if (Preferred.TryGetValue(suites, out CipherSuite[]? order))
        {
            _suites = new LinkedList<CipherSuite>(order);
            return;
        }

        CipherSuite[] byNumber = [.. suites];
        Array.Sort(byNumber, (left, right) => right.Id.CompareTo(left.Id));
        _suites = new LinkedList<CipherSuite>(byNumber);
        Prefer();
        Preferred.AddOrUpdate(suites, [.. _suites]);
    }

    private void Prefer()
    {
        string[] ephemeral = ["DH", "ECDH"];
        Func<CipherSuite, bool> ecdhe = suite => suite.KeyExchange == "ECDH";
        Add(suite => ecdhe(suite) && suite.Authentication == "ECDSA");
        Add(ecdhe);
        Delete(ecdhe);
        Add(suite => suite.Encryption == "AESGCM");
        Add(suite => suite.Encryption == "CHACHA20/POLY1305");
        Add(suite => suite.Encryption is "AES" or "AESCCM" or "AESCCM8");
        Add(_ => true);
        Order(suite => suite.Mac == "MD5");
        Order(suite => suite.IsAnonymous);
        Order(suite => suite.KeyExchange == "RSA");
        Order(suite => suite.KeyExchange == "PSK");
        SortByStrength();
        Bump(suite => suite.FirstProtocol == "TLSv1.2");
        Bump(suite => suite.IsAead);
        Bump(suite => ephemeral.Contains(suite.KeyExchange));
        Bump(suite => suite.IsAead && ephemeral.Contains(suite.KeyExchange));
        Delete(_ => true);
    }

    /// <summary>The active suites in order.</summary>
    public IReadOnlyList<CipherSuite> Active => [.. _suites.Where(suite => _active.Contains(suite.Id))];

    /// <summary>A bare word: brings in what is not active, at the end.</summary>
    public void Add(Func<CipherSuite, bool> selects) => Forward(selects, wasActive: false, node =>
    {
        _active.Add(node.Value.Id);
        _suites.AddLast(node);
    });

    /// <summary><c>+</c>: moves what is active to the end.</summary>
    public void Order(Func<CipherSuite, bool> selects) => Forward(selects, wasActive: true, _suites.AddLast);

    /// <summary><c>-</c>: takes out; what was taken out last comes back first.</summary>
    public void Delete(Func<CipherSuite, bool> selects) => Backward(selects, node =>
    {
        _active.Remove(node.Value.Id);
        _suites.AddFirst(node);
    });

    /// <summary><c>!</c>: takes out for good.</summary>
    public void Kill(Func<CipherSuite, bool> selects) => Forward(selects, wasActive: null, node => _active.Remove(node.Value.Id));

    /// <summary><c>@STRENGTH</c>: by bits of encryption, stable.</summary>
    public void SortByStrength()
    {
        for (int bits = MostBits(int.MaxValue); bits >= 0; bits = MostBits(bits))
        {
            int wanted = bits;
            Order(suite => suite.Bits == wanted);
        }
    }

    /// <summary>The most bits of an active suite that has fewer than so many; -1 for none.</summary>
    private int MostBits(int below)
    {
        int most = -1;
        foreach (CipherSuite suite in _suites)
        {
            if (suite.Bits < below && suite.Bits > most && _active.Contains(suite.Id))
                most = suite.Bits;
        }

        return most;
    }

    private void Bump(Func<CipherSuite, bool> selects) => Backward(selects, _suites.AddFirst);

    private void Forward(Func<CipherSuite, bool> selects, bool? wasActive, Action<LinkedListNode<CipherSuite>> place)
    {
        LinkedListNode<CipherSuite>? last = _suites.Last;
        LinkedListNode<CipherSuite>? node = _suites.First;
        while (node is not null)
        {
            LinkedListNode<CipherSuite>? next = node == last ? null : node.Next;
            if (selects(node.Value) && (wasActive is null || _active.Contains(node.Value.Id) == wasActive))
            {
                _suites.Remove(node);
                place(node);
            }

            node = next;
        }
    }

    private void Backward(Func<CipherSuite, bool> selects, Action<LinkedListNode<CipherSuite>> place)
    {
        LinkedListNode<CipherSuite>? last = _suites.First;
        LinkedListNode<CipherSuite>? node = _suites.Last;
        while (node is not null)
        {
            LinkedListNode<CipherSuite>? next = node == last ? null : node.Previous;
            if (selects(node.Value) && _active.Contains(node.Value.Id))
            {
                _suites.Remove(node);
                place(node);
            }

            node = next;
        }
    }
}
