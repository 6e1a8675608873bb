using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Cria.Walls.Tests;

/// <summary>The public API of an assembly as sorted text: one line a type, one indented line a member of its own.</summary>
static class ApiText
{
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type)).Append(Parents(type)).Append('\n');
            foreach (string member in Members(type).Distinct().Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    static string Parents(Type type)
    {
        IEnumerable<string> parents = type.GetInterfaces()
            .Where(parent => parent.Assembly == type.Assembly)
            .Select(Name).Order(StringComparer.Ordinal);
        if (type.BaseType is { } ancestor && ancestor.Assembly == type.Assembly)
            parents = parents.Prepend(Name(ancestor));
        string list = string.Join(", ", parents);
        return list.Length == 0 ? "" : $" : {list}";
    }

    static IEnumerable<string> Members(Type type) =>
        from member in type.GetMembers(Declared)
        where member.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !member.Name.Contains('<')
        let line = Line(type, member)
        where line is not null
        select line;

    static string? Line(Type type, MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true, IsPublic: true } field =>
            type.IsEnum ? field.Name : $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}",
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily =>
            $"{(field.IsStatic ? "static " : "")}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property when Visible(property.GetMethod ?? property.SetMethod) =>
            $"{Static(property.GetMethod ?? property.SetMethod)}{Name(property.PropertyType)} {property.Name}"
            + $"{Indexes(property)} {{ {Accessors(property)}}}",
        EventInfo happening when Visible(happening.AddMethod) => $"event {Name(happening.EventHandlerType!)} {happening.Name}",
        ConstructorInfo constructor when Visible(constructor) && !constructor.IsStatic => $"new({Parameters(constructor)})",
        MethodInfo { IsSpecialName: false } method when Visible(method) => Method(method),
        _ => null,
    };

    static string Method(MethodInfo method)
    {
        string generics = method.IsGenericMethod
            ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>"
            : "";
        return $"{Static(method)}{Name(method.ReturnType)} {method.Name}{generics}({Parameters(method)})";
    }

    static bool Visible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily);

    static string Static(MethodBase? method) => method?.IsStatic == true ? "static " : "";

    static string Accessors(PropertyInfo property)
    {
        bool init = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string set = init ? "init; " : "set; ";
        return $"{(Visible(property.GetMethod) ? "get; " : "")}{(Visible(property.SetMethod) ? set : "")}";
    }

    static string Indexes(PropertyInfo property) => property.GetIndexParameters() is { Length: > 0 } indexes
        ? $"[{string.Join(", ", indexes.Select(index => Name(index.ParameterType)))}]"
        : "";

    static string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}"));

    static string Name(Type type)
    {
        if (type.IsByRef)
            return $"ref {Name(type.GetElementType()!)}";
        if (type.IsArray)
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (type.IsPointer)
            return $"{Name(type.GetElementType()!)}*";
        if (type.IsGenericParameter)
            return type.Name;
        string name = type.Assembly == typeof(object).Assembly ? type.Name : (type.FullName ?? $"{type.Namespace}.{type.Name}");
        int end = name.IndexOfAny(['`', '[']);
        string plain = (end < 0 ? name : name[..end]).Replace('+', '.');
        return type.IsGenericType ? $"{plain}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : plain;
    }
}
