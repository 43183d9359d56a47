using System.Reflection;
using RcptVerify.Tests.Architecture;
using Xunit;

namespace RcptVerify.Tests;

/// <summary>Holds "who may know whom" on the compiled assemblies, method bodies included.</summary>
public sealed class ArchitectureTests
{
    private const string Root = "RcptVerify";
    private const string SampleRoot = "RcptVerify.Tests.Architecture.Sample";

    private static readonly Assembly Program = Assembly.Load("rcptverify");
    private static readonly Assembly Wire = Assembly.Load("RcptVerify.Wire");
    private static readonly Assembly Tests = typeof(ArchitectureTests).Assembly;

    [Fact]
    public void No_namespace_knows_more_than_the_design_allows() =>
        Assert.Empty(NamespaceRules.Violations(Root, [.. TypeReferences.Of(Program), .. TypeReferences.Of(Wire)]));

    [Fact]
    public void Every_namespace_stands_in_the_table() =>
        Assert.Empty(NamespaceRules.Unknown(Root, [.. TypeReferences.DefinedIn(Program), .. TypeReferences.DefinedIn(Wire)]));

    [Fact]
    public void The_root_namespace_holds_nothing_but_the_entry_point() =>
        Assert.DoesNotContain(TypeReferences.DefinedIn(Program), type => type.Namespace == Root && type.Name != "Program");

    [Fact]
    public void Wire_is_bytes_only_no_sockets_no_files_no_processes_no_packages()
    {
        string[] known = [.. Wire.GetReferencedAssemblies().Select(assembly => assembly.Name!)];
        Assert.All(known, name => Assert.StartsWith("System.", name, StringComparison.Ordinal));
        Assert.DoesNotContain(known, name => name is "System.Net.Sockets" or "System.Net.Security" or "System.Net.NameResolution"
            or "System.Net.Http" or "System.Console" or "System.Diagnostics.Process" or "System.IO.Pipes");
        Assert.DoesNotContain(TypeReferences.Of(Wire), use => use.To.ToString() is
            "System.IO.File" or "System.IO.FileStream" or "System.TimeProvider" or "System.Environment" or "System.Threading.Tasks.Task");
    }

    [Theory]
    [InlineData("CallInBody", "Store")]
    [InlineData("FieldInBody", "Store")]
    [InlineData("NestedInBody", "Store")]
    [InlineData("TypeOfInBody", "Store")]
    [InlineData("GenericArgumentInBody", "Store")]
    [InlineData("CatchInBody", "StoreException")]
    [InlineData("LambdaInBody", "Store")]
    [InlineData("AsyncBody", "Store")]
    [InlineData("AfterSwitchInBody", "Store")]
    [InlineData("Signature", "Store")]
    [InlineData("Constraint", "IStored")]
    [InlineData("Attributed", "StoredAttribute")]
    [InlineData("Derived", "Store")]
    public void A_use_is_seen_wherever_it_stands(string from, string to) => Assert.Contains(
        $"{SampleRoot}.Probing.{from} uses {SampleRoot}.Caching.{to}: Probing may not know Caching",
        NamespaceRules.Violations(SampleRoot, TypeReferences.Of(Tests)));

    [Fact]
    public void Single_types_and_Wire_and_newcomers_have_their_rules_too()
    {
        IReadOnlyList<string> violations = NamespaceRules.Violations(SampleRoot, TypeReferences.Of(Tests));
        Assert.Contains(
            $"{SampleRoot}.Probing.ForbiddenType uses {SampleRoot}.Verification.IVerdictStore: probing never reads the cache", violations);
        Assert.Contains(
            $"{SampleRoot}.Wire.Policy.KnowsTelemetry uses {SampleRoot}.Telemetry.Log: Wire.Policy may not know Telemetry", violations);
        Assert.Contains(
            $"{SampleRoot}.Undecided.Newcomer uses {SampleRoot}.Caching.Store: Undecided may not know Caching", violations);
        Assert.Equal(["Undecided"], NamespaceRules.Unknown(SampleRoot, TypeReferences.DefinedIn(Tests)));
    }

    [Fact]
    public void What_is_allowed_is_no_fault()
    {
        IReadOnlyList<string> violations = NamespaceRules.Violations(SampleRoot, TypeReferences.Of(Tests));
        Assert.DoesNotContain(violations, violation => violation.Contains(".Allowed ", StringComparison.Ordinal));
        Assert.DoesNotContain(violations, violation => violation.Contains(".MayLog ", StringComparison.Ordinal));
        Assert.Equal(16, violations.Count);
    }
}
