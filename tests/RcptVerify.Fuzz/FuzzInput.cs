namespace RcptVerify.Fuzz;

/// <summary>What all targets do to their inputs.</summary>
internal static class FuzzInput
{
    /// <summary>Changes, cuts, doubles or puts in bytes, up to twice; once in three times it leaves the input as it is.</summary>
    /// <param name="input">The input.</param>
    /// <param name="telling">Bytes that mean something to the codec.</param>
    /// <param name="random">Decides.</param>
    public static void Mutate(List<byte> input, ReadOnlySpan<byte> telling, Random random)
    {
        for (int changes = random.Next(3); changes > 0 && input.Count > 0; changes--)
        {
            int at = random.Next(input.Count);
            switch (random.Next(5))
            {
                case 0:
                    input[at] = (byte)random.Next(256);
                    break;
                case 1:
                    input.Insert(at, telling[random.Next(telling.Length)]);
                    break;
                case 2:
                    input.RemoveRange(at, random.Next(input.Count - at));
                    break;
                case 3:
                    input.InsertRange(at, input.GetRange(at, random.Next(input.Count - at)));
                    break;
                default:
                    input.InsertRange(at, Enumerable.Repeat((byte)random.Next(256), random.Next(60)));
                    break;
            }
        }
    }

    /// <summary>The portions in which so many bytes arrive.</summary>
    public static List<int> Portions(int length, Random random)
    {
        List<int> portions = [];
        while (length > 0)
        {
            portions.Add(random.Next(1, Math.Min(length, 200) + 1));
            length -= portions[^1];
        }

        return portions;
    }

    /// <summary>The lengths at which something of the input is there: each after one more portion, the whole input last.</summary>
    public static IEnumerable<int> Arrivals(int length, Random random)
    {
        int there = 0;
        foreach (int portion in Portions(length, random))
            yield return there += portion;
    }

    /// <summary>Up to so many characters of an alphabet, in UTF-8.</summary>
    public static byte[] Text(string alphabet, int most, Random random) => System.Text.Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, random.Next(most + 1)).Select(_ => alphabet[random.Next(alphabet.Length)])));
}
