using RcptVerify.Cli;

// Socket completions run on the thread that polls them: at tens of thousands of small requests a second the hop to the
// thread pool costs more than the answer. Read by the socket engine when the first socket is made.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
return await CommandLine.RunAsync(args);
