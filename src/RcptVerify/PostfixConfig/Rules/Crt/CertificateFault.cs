namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>Why a server cannot load its certificate.</summary>
/// <param name="File">The file at fault.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Fix">What to do; empty when it says itself.</param>
internal sealed record CertificateFault(ServerCertificate File, string Message, string Fix = "");
