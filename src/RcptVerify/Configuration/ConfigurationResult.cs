namespace RcptVerify.Configuration;

/// <summary>What reading a configuration gives: usable options, or everything that is wrong with it.</summary>
/// <param name="Options">The options; null as soon as there is one error.</param>
/// <param name="Errors">All errors: those of the file by line and column, then the environment's, then the command line's.</param>
public sealed record ConfigurationResult(RcptVerifyOptions? Options, IReadOnlyList<ConfigurationError> Errors);
