using System.Reflection;
using System.Reflection.Emit;

namespace InstanceKit.Tests.Architecture;

/// <summary>Reads from the compiled code which types and members a type uses: signatures, attributes and bodies.</summary>
internal static class TypeUses
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> OpCodes = typeof(OpCodes).GetFields()
        .Select(f => (OpCode)f.GetValue(null)!).ToDictionary(o => o.Value);

    /// <summary>Every member that the bodies of a type's methods name; a type stands for itself.</summary>
    public static IEnumerable<MemberInfo> MembersOf(Type type) => Methods(type).SelectMany(Operands);

    /// <summary>Every type that a type names anywhere, down to arguments of generic types.</summary>
    public static IEnumerable<Type> TypesOf(Type type)
    {
        var methods = Methods(type).ToList();
        return new[] { type.BaseType }
            .Concat(type.GetInterfaces())
            .Concat(type.GetGenericArguments().Where(a => a.IsGenericParameter).SelectMany(a => a.GetGenericParameterConstraints()))
            .Concat(type.GetFields(All).Select(f => f.FieldType))
            .Concat(methods.SelectMany(Signature))
            .Concat(methods.SelectMany(m => m.GetMethodBody()?.LocalVariables.Select(v => v.LocalType) ?? []))
            .Concat(methods.SelectMany(m => m.GetMethodBody()?.ExceptionHandlingClauses
                .Where(c => c.Flags == ExceptionHandlingClauseOptions.Clause).Select(c => c.CatchType) ?? []))
            .Concat(methods.SelectMany(Operands).SelectMany(Parts))
            .Concat(type.GetCustomAttributesData().Select(a => a.AttributeType))
            .OfType<Type>().SelectMany(Unfold).Distinct();
    }

    private static IEnumerable<MethodBase> Methods(Type type) =>
        type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All));

    private static IEnumerable<Type?> Signature(MethodBase method) =>
        method.GetParameters().Select(p => p.ParameterType).Append((method as MethodInfo)?.ReturnType);

    private static IEnumerable<Type?> Parts(MemberInfo member) => member switch
    {
        Type type => [type],
        FieldInfo field => [field.DeclaringType, field.FieldType],
        MethodBase method =>
            [method.DeclaringType, .. Signature(method), .. method.IsGenericMethod ? method.GetGenericArguments() : []],
        _ => [],
    };

    private static IEnumerable<Type> Unfold(Type type)
    {
        if (type.HasElementType)
            return Unfold(type.GetElementType()!);
        return type.IsGenericParameter ? [] : type.GetGenericArguments().SelectMany(Unfold).Prepend(type);
    }

    private static IEnumerable<MemberInfo> Operands(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        var ofType = method.DeclaringType!.IsGenericType ? method.DeclaringType.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        for (var at = 0; at < code.Length;)
        {
            var first = code[at++];
            var operation = OpCodes[first == 0xFE ? (short)(0xFE00 | code[at++]) : first];
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
                yield return method.Module.ResolveMember(BitConverter.ToInt32(code, at), ofType, ofMethod)!;
            at += SizeOf(operation.OperandType, code, at);
        }
    }

    private static int SizeOf(OperandType operand, byte[] code, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
        _ => 4,
    };
}
