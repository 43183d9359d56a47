using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace RcptVerify.Tests.Architecture;

/// <summary>One type using another, whatever for.</summary>
/// <param name="From">The outermost type the use stands in: lambdas and async state machines belong to whoever wrote them.</param>
/// <param name="To">The outermost type used.</param>
public readonly record struct TypeReference(TypeName From, TypeName To);

/// <summary>A type's namespace and name without generic arguments.</summary>
public readonly record struct TypeName(string Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}.{Name}";
}

/// <summary>
/// Reads from a compiled assembly which type uses which: base types, interfaces, constraints, attributes, fields, signatures, local
/// variables, catch clauses, and every token in every method body (ECMA-335 partitions II.22 to II.25 and III). What leaves no trace in
/// the assembly, such as a constant of another type, is not seen.
/// </summary>
public sealed class TypeReferences
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value & 0xFFFF, code => code.OperandType);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly UsedTypes _used;

    private TypeReferences(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
        _used = new UsedTypes(_metadata);
    }

    /// <summary>All uses in an assembly, each once; a type's use of itself is left out.</summary>
    public static IReadOnlySet<TypeReference> Of(Assembly assembly)
    {
        using FileStream stream = File.OpenRead(assembly.Location);
        using PEReader file = new(stream);
        return new TypeReferences(file).Read();
    }

    /// <summary>The outermost types an assembly defines.</summary>
    public static IReadOnlyList<TypeName> DefinedIn(Assembly assembly)
    {
        using FileStream stream = File.OpenRead(assembly.Location);
        using PEReader file = new(stream);
        TypeReferences references = new(file);
        return [.. references._metadata.TypeDefinitions.Select(references._used.NameOf).Distinct()];
    }

    private HashSet<TypeReference> Read()
    {
        HashSet<TypeReference> references = [];
        foreach (TypeDefinitionHandle handle in _metadata.TypeDefinitions)
        {
            TypeName from = _used.NameOf(handle);
            _used.Found.Clear();
            ReadType(_metadata.GetTypeDefinition(handle));
            references.UnionWith(_used.Found.Where(to => to != from).Select(to => new TypeReference(from, to)));
        }

        return references;
    }

    private void ReadType(TypeDefinition type)
    {
        _used.Add(type.BaseType);
        ReadAttributes(type.GetCustomAttributes());
        ReadConstraints(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle handle in type.GetInterfaceImplementations())
        {
            _used.Add(_metadata.GetInterfaceImplementation(handle).Interface);
        }

        foreach (FieldDefinitionHandle handle in type.GetFields())
        {
            _used.Add(handle);
            ReadAttributes(_metadata.GetFieldDefinition(handle).GetCustomAttributes());
        }

        foreach (PropertyDefinitionHandle handle in type.GetProperties())
        {
            ReadAttributes(_metadata.GetPropertyDefinition(handle).GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            _used.Add(handle);
            ReadMethod(_metadata.GetMethodDefinition(handle));
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        ReadAttributes(method.GetCustomAttributes());
        ReadConstraints(method.GetGenericParameters());
        foreach (ParameterHandle handle in method.GetParameters())
        {
            ReadAttributes(_metadata.GetParameter(handle).GetCustomAttributes());
        }

        // Only IL bodies: abstract, extern and P/Invoke methods have none.
        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        _used.Add(body.LocalSignature);
        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            _used.Add(region.CatchType);
        }

        ReadInstructions(body.GetILReader());
    }

    private void ReadInstructions(BlobReader il)
    {
        while (il.RemainingBytes > 0)
        {
            int code = il.ReadByte();
            code = code == 0xFE ? 0xFE00 | il.ReadByte() : code;
            switch (Operands[code])
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType
                    or OperandType.InlineSig:
                    _used.Add((EntityHandle)MetadataTokens.Handle(il.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = il.ReadInt32();
                    il.Offset += 4 * targets;
                    break;
                case OperandType operand:
                    il.Offset += SizeOf(operand);
                    break;
            }
        }
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineBrTarget or OperandType.InlineI or OperandType.InlineString or OperandType.ShortInlineR => 4,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => throw new BadImageFormatException($"An operand of kind {operand}."),
    };

    private void ReadAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle handle in attributes)
        {
            _used.Add(_metadata.GetCustomAttribute(handle).Constructor);
        }
    }

    private void ReadConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle handle in _metadata.GetGenericParameter(parameter).GetConstraints())
            {
                _used.Add(_metadata.GetGenericParameterConstraint(handle).Type);
            }
        }
    }
}
