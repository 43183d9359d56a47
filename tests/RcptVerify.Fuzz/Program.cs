using System.Diagnostics;
using RcptVerify.Fuzz;

// Exit codes: 0 nothing found, 1 a find, 2 usage.
IFuzzTarget[] all = [new PolicyFuzzTarget(), new MilterFuzzTarget(), new SocketmapFuzzTarget(), new SmtpReplyFuzzTarget(), new ValidateFuzzTarget()];

if (FuzzOptions.Parse(args) is not { } options || options.Targets.Except(all.Select(static t => t.Name)).Any())
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    Console.Error.WriteLine($"targets: {string.Join(", ", all.Select(static t => t.Name))}");
    return 2;
}

int finds = 0;
foreach (IFuzzTarget target in all.Where(t => options.Targets.Count == 0 || options.Targets.Contains(t.Name)))
{
    long start = Stopwatch.GetTimestamp();
    long done = 0;
    bool found = false;
    while (!found && done < options.Iterations && Stopwatch.GetElapsedTime(start) < options.Time)
        found = !Survives(target, unchecked(options.Seed + (int)done++));
    finds += found ? 1 : 0;
    Console.WriteLine(
        $"{target.Name}: {done} inputs in {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s, {(found ? "1 find" : "no finds")}");
}

return finds == 0 ? 0 : 1;

static bool Survives(IFuzzTarget target, int seed)
{
    // A seed an input: a find is repeated by its seed alone.
    Random random = new(seed);
    byte[] input = target.NewInput(random);
    string? trouble;
    try
    {
        trouble = target.Check(input, random);
    }
    catch (Exception exception) when (exception is not OutOfMemoryException)
    {
        trouble = exception.ToString();
    }

    if (trouble is null)
        return true;
    Console.Error.WriteLine($"{target.Name}: {trouble}");
    Console.Error.WriteLine($"  input (base64): {Convert.ToBase64String(input)}");
    Console.Error.WriteLine($"  repeat with: {target.Name} --seed {seed} --iterations 1");
    return false;
}
