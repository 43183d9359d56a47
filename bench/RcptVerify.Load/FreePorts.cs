using System.Net;
using System.Net.Sockets;

namespace RcptVerify.Load;

/// <summary>Asks the kernel for loopback ports that are free at this moment, all different.</summary>
internal static class FreePorts
{
    public static int Run(Options options)
    {
        int count = options.Number("n", 1, 1, 100);
        options.NothingElse();
        var held = new List<Socket>();
        for (int i = 0; i < count; i++)
        {
            held.Add(Endpoint.Listen(new IPEndPoint(IPAddress.Loopback, 0)));
        }

        Console.WriteLine(string.Join(' ', held.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)));
        held.ForEach(socket => socket.Dispose());
        return 0;
    }
}
