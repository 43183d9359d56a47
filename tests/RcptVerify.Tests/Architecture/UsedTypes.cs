using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace RcptVerify.Tests.Architecture;

/// <summary>Follows any metadata handle down to the types it speaks of, and collects their names.</summary>
internal sealed class UsedTypes(MetadataReader metadata) : ISignatureTypeProvider<ValueTuple, ValueTuple>
{
    /// <summary>The outermost types found so far.</summary>
    public HashSet<TypeName> Found { get; } = [];

    /// <summary>Collects every type a type, member, instantiation or signature speaks of.</summary>
    public void Add(EntityHandle handle)
    {
        if (handle.IsNil)
        {
            return;
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                Found.Add(NameOf((TypeDefinitionHandle)handle));
                break;
            case HandleKind.TypeReference:
                Found.Add(NameOf((TypeReferenceHandle)handle));
                break;
            case HandleKind.TypeSpecification:
                metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, default);
                break;
            case HandleKind.FieldDefinition:
                FieldDefinition field = metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                Add(field.GetDeclaringType());
                field.DecodeSignature(this, default);
                break;
            case HandleKind.MethodDefinition:
                MethodDefinition method = metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                Add(method.GetDeclaringType());
                method.DecodeSignature(this, default);
                break;
            case HandleKind.MemberReference:
                AddMember(metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification instantiation = metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Add(instantiation.Method);
                instantiation.DecodeSignature(this, default);
                break;
            case HandleKind.StandaloneSignature:
                AddSignature(metadata.GetStandaloneSignature((StandaloneSignatureHandle)handle));
                break;
            default:
                throw new BadImageFormatException($"A {handle.Kind} where a type or member should be.");
        }
    }

    /// <summary>The name of the outermost type around a definition.</summary>
    public TypeName NameOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        TypeDefinitionHandle outer = type.GetDeclaringType();
        return outer.IsNil ? new TypeName(metadata.GetString(type.Namespace), metadata.GetString(type.Name)) : NameOf(outer);
    }

    private TypeName NameOf(TypeReferenceHandle handle)
    {
        System.Reflection.Metadata.TypeReference type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind is HandleKind.TypeReference
            ? NameOf((TypeReferenceHandle)type.ResolutionScope)
            : new TypeName(metadata.GetString(type.Namespace), metadata.GetString(type.Name));
    }

    private void AddMember(MemberReference member)
    {
        Add(member.Parent);
        if (member.GetKind() is MemberReferenceKind.Field)
        {
            member.DecodeFieldSignature(this, default);
        }
        else
        {
            member.DecodeMethodSignature(this, default);
        }
    }

    private void AddSignature(StandaloneSignature signature)
    {
        if (signature.GetKind() is StandaloneSignatureKind.LocalVariables)
        {
            signature.DecodeLocalSignature(this, default);
        }
        else
        {
            signature.DecodeMethodSignature(this, default);
        }
    }

    // A signature is walked through the members below; only those that name a type have something to do.
    ValueTuple ISimpleTypeProvider<ValueTuple>.GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        Found.Add(NameOf(handle));
        return default;
    }

    ValueTuple ISimpleTypeProvider<ValueTuple>.GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
    {
        Found.Add(NameOf(handle));
        return default;
    }

    ValueTuple ISignatureTypeProvider<ValueTuple, ValueTuple>.GetTypeFromSpecification(
        MetadataReader reader, ValueTuple genericContext, TypeSpecificationHandle handle, byte rawTypeKind)
    {
        Add(handle);
        return default;
    }

    ValueTuple ISimpleTypeProvider<ValueTuple>.GetPrimitiveType(PrimitiveTypeCode typeCode) => default;

    ValueTuple ISZArrayTypeProvider<ValueTuple>.GetSZArrayType(ValueTuple elementType) => default;

    ValueTuple IConstructedTypeProvider<ValueTuple>.GetArrayType(ValueTuple elementType, ArrayShape shape) => default;

    ValueTuple IConstructedTypeProvider<ValueTuple>.GetByReferenceType(ValueTuple elementType) => default;

    ValueTuple IConstructedTypeProvider<ValueTuple>.GetPointerType(ValueTuple elementType) => default;

    ValueTuple IConstructedTypeProvider<ValueTuple>.GetGenericInstantiation(
        ValueTuple genericType, ImmutableArray<ValueTuple> typeArguments) => default;

    ValueTuple ISignatureTypeProvider<ValueTuple, ValueTuple>.GetFunctionPointerType(MethodSignature<ValueTuple> signature) => default;

    ValueTuple ISignatureTypeProvider<ValueTuple, ValueTuple>.GetGenericMethodParameter(ValueTuple genericContext, int index) => default;

    ValueTuple ISignatureTypeProvider<ValueTuple, ValueTuple>.GetGenericTypeParameter(ValueTuple genericContext, int index) => default;

    ValueTuple ISignatureTypeProvider<ValueTuple, ValueTuple>.GetModifiedType(
        ValueTuple modifier, ValueTuple unmodifiedType, bool isRequired) => default;

    ValueTuple ISignatureTypeProvider<ValueTuple, ValueTuple>.GetPinnedType(ValueTuple elementType) => default;
}
