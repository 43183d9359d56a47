using System.Text.Json.Serialization;

namespace RcptVerify.Cli;

/// <summary>What <c>probe --json</c> prints, one object a line. The names are part of the interface.</summary>
internal sealed record ProbeAnswer(
    string Address, string Status, int Code, string Enhanced, string Text, string Server, string Target, string Stage, double Milliseconds, string From);

/// <summary>Serializers made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ProbeAnswer))]
internal sealed partial class CliJson : JsonSerializerContext;
