using System.Text.Json.Serialization;

namespace RcptVerify.Cli;

/// <summary>
/// What <c>probe --json</c> prints, one object a line. The names are part of the interface. <c>Mark</c> is accept_all where the
/// server does not tell known from unknown recipients, else null.
/// </summary>
internal sealed record ProbeAnswer(
    string Address, string Status, int Code, string Enhanced, string Text, string Server, string Target, string Stage, double Milliseconds, string From, string? Mark);

/// <summary>What <c>calibrate --json</c> prints. <c>Target</c> is null where no stage tells.</summary>
internal sealed record CalibrationAnswer(
    string Result, string? Target, string Server, string Stage, int Code, string Enhanced, string Text, IReadOnlyList<string> Transcript);

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProbeAnswer))]
[JsonSerializable(typeof(CalibrationAnswer))]
internal sealed partial class CliJson : JsonSerializerContext;
