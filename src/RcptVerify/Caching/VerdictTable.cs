using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>
/// Verdicts by address. Made for many more of them than the processor's caches hold, where what a look-up costs is the places in
/// memory that it must go to one after the other: here two, a group of the table and the verdict itself, whose address lies beside it
/// (a <c>ConcurrentDictionary</c> goes to four: bucket, node, key and value).
/// <para>
/// The table is an array of groups of 64 bytes. A verdict stands in the group that its address' hash says, or, where that is
/// full, in one of the next; each group counts those that were passed on, so that a look-up ends at the first that passed on none. The
/// hash is seeded per process (<see cref="Utf8KeyComparer"/>): strangers cannot choose where they fall.
/// </para>
/// <para>
/// Reading takes no lock. A verdict is published by one reference and brings its own address, with which each look-up compares, so
/// that whatever a reader meets while others write, it never takes another address's verdict. A verdict never moves within a table: one that
/// is there all the while is found. Growing fills a new table and publishes it; readers end in the old one, which nobody changes any more.
/// </para>
/// </summary>
internal sealed class VerdictTable
{
    private const int Slots = 5;

    /// <summary>Where a group's count of those passed on stands among its marks.</summary>
    private const int PassedOn = Slots;

    /// <summary>Verdicts a group on average, past which the table grows: four fifths of its slots.</summary>
    private const int MostPerGroup = 4;

    private const int FirstGroups = 64, LargeGroups = 16_384;

    private readonly Lock _writing = new();
    private readonly int _usualMost;
    private volatile Group[] _groups;
    private int _count;

    /// <summary>Creates an empty table.</summary>
    /// <param name="usualMost">How many it will hold at most, but for a few now and then: it grows no further than for them.</param>
    public VerdictTable(int usualMost)
    {
        _usualMost = (int)Math.Min((long)usualMost / MostPerGroup + FirstGroups, Array.MaxLength);
        _groups = new Group[Math.Min(FirstGroups, _usualMost)];
    }

    /// <summary>Looks an address up. No lock, no allocation.</summary>
    /// <param name="address">Canonical address.</param>
    public Verdict? Find(ReadOnlySpan<byte> address) => Find(_groups, MarkOf(address), address, out _, out _);

    /// <summary>Whether it is larger than the caches that a processor has to itself: 16 384 groups, a megabyte, which stand for 8 MB of verdicts.</summary>
    public bool IsLarge => _groups.Length >= LargeGroups;

    /// <summary>Has the processor fetch the group of an address.</summary>
    /// <param name="address">Canonical address.</param>
    /// <returns>For <see cref="Approach"/>.</returns>
    public uint Announce(ReadOnlySpan<byte> address)
    {
        uint mark = MarkOf(address);
        Group[] groups = _groups;
        Prefetch(ref groups[HomeOf(mark, groups)]);
        return mark;
    }

    /// <summary>Has the processor fetch the verdict of an address, now that its group is there.</summary>
    /// <param name="announced">What <see cref="Announce"/> returned.</param>
    public void Approach(uint announced)
    {
        Group[] groups = _groups;
        ref Group group = ref groups[HomeOf(announced, groups)];
        uint alike = Alike(group.Marks, announced);
        if (alike != 0 && group.Verdicts[BitOperations.TrailingZeroCount(alike)] is { } verdict)
            Prefetch(verdict);
    }

    /// <summary>Whether it is this very verdict that stands under its address.</summary>
    public bool Holds(Verdict verdict) => ReferenceEquals(Find(verdict.Address), verdict);

    /// <summary>Puts a verdict under its address.</summary>
    /// <returns>The one that stood there before, which may be the same; null where there was none.</returns>
    public Verdict? Put(Verdict verdict)
    {
        uint mark = MarkOf(verdict.Address);
        lock (_writing)
        {
            Verdict? old = Find(_groups, mark, verdict.Address, out int at, out int slot);
            if (old is not null)
            {
                Volatile.Write(ref _groups[at].Verdicts[slot], verdict);
                return old;
            }

            if (_count >= (long)_groups.Length * MostPerGroup)
                Grow();
            Insert(_groups, mark, verdict);
            _count++;
            return null;
        }
    }

    /// <summary>Takes an address out.</summary>
    /// <param name="address">Canonical address.</param>
    /// <returns>What stood there; null where there was nothing.</returns>
    public Verdict? Remove(ReadOnlySpan<byte> address) => Remove(address, only: null);

    /// <summary>Takes a verdict out.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>False where it was not there: never put, replaced or taken out.</returns>
    public bool Remove(Verdict verdict) => Remove(verdict.Address, verdict) is not null;

    /// <summary>The verdicts as they are met on a walk through the table; those that come or go meanwhile may be missed.</summary>
    public IEnumerable<Verdict> Enumerate()
    {
        Group[] groups = _groups;
        for (int at = 0; at < groups.Length; at++)
        {
            for (int slot = 0; slot < Slots; slot++)
            {
                Verdict? verdict = Volatile.Read(ref groups[at].Verdicts[slot]);
                if (verdict is not null && (ReferenceEquals(groups, _groups) || Holds(verdict)))
                    yield return verdict;
            }
        }
    }

    private Verdict? Remove(ReadOnlySpan<byte> address, Verdict? only)
    {
        uint mark = MarkOf(address);
        lock (_writing)
        {
            Group[] groups = _groups;
            Verdict? found = Find(groups, mark, address, out int at, out int slot);
            if (found is null || (only is not null && !ReferenceEquals(found, only)))
                return null;
            Volatile.Write(ref groups[at].Verdicts[slot], null);
            for (int passed = HomeOf(mark, groups); passed != at; passed = Next(passed, groups))
                groups[passed].Marks[PassedOn]--;
            _count--;
            return found;
        }
    }

    /// <summary>
    /// Has the processor fetch the rest of a verdict, and the address that was allocated right behind it, together with its first line. A
    /// hint: wherever the address may lie by now, nothing is read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch(Verdict verdict)
    {
        if (!Sse.IsSupported)
            return;
#pragma warning disable CS8500 // only the reference's value is wanted, not what it refers to
        byte* at = *(byte**)&verdict;
#pragma warning restore CS8500
        Sse.Prefetch0(at);
        Sse.Prefetch0(at + 64);
        Sse.Prefetch0(at + 120);
    }

    private static unsafe void Prefetch(ref Group group)
    {
        if (!Sse.IsSupported)
            return;
        byte* at = (byte*)Unsafe.AsPointer(ref group);
        Sse.Prefetch0(at);
        Sse.Prefetch0(at + Unsafe.SizeOf<Group>() - 1); // a group may begin anywhere in a line
    }

    /// <summary>The slots with this mark, a bit each.</summary>
    private static uint Alike(ReadOnlySpan<uint> marks, uint mark) =>
        Vector128.Equals(Vector128.Create(marks), Vector128.Create(mark)).ExtractMostSignificantBits() | (marks[Slots - 1] == mark ? 1u << (Slots - 1) : 0);

    private static Verdict? Find(Group[] groups, uint mark, ReadOnlySpan<byte> address, out int at, out int slot)
    {
        int home = HomeOf(mark, groups);
        at = home;
        while (true)
        {
            ref Group group = ref groups[at];
            ReadOnlySpan<uint> marks = group.Marks;
            for (uint alike = Alike(marks, mark); alike != 0; alike &= alike - 1)
            {
                slot = BitOperations.TrailingZeroCount(alike);
                Verdict? verdict = Volatile.Read(ref group.Verdicts[slot]);
                if (verdict is null)
                    continue;
                Prefetch(verdict);
                if (address.SequenceEqual(verdict.Address))
                    return verdict;
            }

            bool ends = marks[PassedOn] == 0;
            at = Next(at, groups);
            if (!ends && at != home) // all the way round: no hash is that unlucky, but no look-up must depend on it
                continue;
            slot = -1;
            return null;
        }
    }

    private static void Insert(Group[] groups, uint mark, Verdict verdict)
    {
        for (int at = HomeOf(mark, groups); ; at = Next(at, groups))
        {
            ref Group group = ref groups[at];
            for (int slot = 0; slot < Slots; slot++)
            {
                if (group.Verdicts[slot] is not null)
                    continue;
                group.Marks[slot] = mark;
                Volatile.Write(ref group.Verdicts[slot], verdict); // last: who sees it sees its mark and all counts on the way here
                return;
            }

            group.Marks[PassedOn]++;
        }
    }

    private void Grow()
    {
        Group[] old = _groups;
        Group[] groups = new Group[Math.Max(Math.Min(old.Length * 2L, _usualMost), old.Length + old.Length / 8 + 1)];
        foreach (ref Group group in old.AsSpan())
        {
            for (int slot = 0; slot < Slots; slot++)
            {
                if (group.Verdicts[slot] is { } verdict)
                    Insert(groups, group.Marks[slot], verdict);
            }
        }

        _groups = groups;
    }

    private static uint MarkOf(ReadOnlySpan<byte> address) => (uint)Utf8KeyComparer.Instance.GetHashCode(address);

    private static int HomeOf(uint mark, Group[] groups) => (int)(((ulong)mark * (uint)groups.Length) >> 32);

    private static int Next(int at, Group[] groups) => at + 1 < groups.Length ? at + 1 : 0;

    private struct Group
    {
        public SlotVerdicts Verdicts;

        /// <summary>The hashes of the verdicts, and <see cref="PassedOn"/>. That of an empty slot means nothing.</summary>
        public SlotMarks Marks;
    }

    [InlineArray(Slots)]
    private struct SlotVerdicts
    {
        private Verdict? _first;
    }

    [InlineArray(Slots + 1)]
    private struct SlotMarks
    {
        private uint _first;
    }
}
