using System.Reflection;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Tests.Contract;

/// <summary>
/// A cmdlet as its attributes describe it. They are read as data: the reference library that cmdlets are compiled against has attributes
/// whose properties are empty at run time.
/// </summary>
internal sealed class CmdletContract
{
    private readonly CustomAttributeData attribute;

    private CmdletContract(Type type, CustomAttributeData attribute)
    {
        Type = type;
        this.attribute = attribute;
    }

    public static IReadOnlyList<CmdletContract> All { get; } =
    [
        .. typeof(DsmipCmdlet).Assembly.GetTypes()
            .Where(type => !type.IsAbstract)
            .SelectMany(type => Of(type, "CmdletAttribute").Select(attribute => new CmdletContract(type, attribute)))
            .OrderBy(cmdlet => cmdlet.Name, StringComparer.Ordinal),
    ];

    /// <summary>The words of procedures are cmdlets too, but no user calls them by these names.</summary>
    public static IEnumerable<CmdletContract> Exported => All.Where(cmdlet => cmdlet.Name is not ("Invoke-DsmipStep" or "Assert-DsmipExpectation"));

    public Type Type { get; }

    public string Verb => (string)attribute.ConstructorArguments[0].Value!;

    public string Noun => (string)attribute.ConstructorArguments[1].Value!;

    public string Name => $"{Verb}-{Noun}";

    public bool SupportsShouldProcess => Named(attribute, "SupportsShouldProcess") is true;

    /// <summary>ConfirmImpact.High is 3.</summary>
    public int ConfirmImpact => Named(attribute, "ConfirmImpact") is int impact ? impact : 2;

    public IEnumerable<Type> OutputTypes => Of(Type, "OutputTypeAttribute")
        .SelectMany(output => output.ConstructorArguments)
        .SelectMany(argument => argument.Value is IReadOnlyCollection<CustomAttributeTypedArgument> many ? many.Select(one => one.Value) : [argument.Value])
        .OfType<Type>();

    public IEnumerable<Parameter> Parameters => Type.GetProperties()
        .Select(property => new Parameter(property, [.. Of(property, "ParameterAttribute")]))
        .Where(parameter => parameter.Attributes.Count > 0);

    /// <summary>The parameter sets, each with its parameters and what their attributes say there.</summary>
    public IEnumerable<IGrouping<string, (Parameter Parameter, CustomAttributeData Attribute)>> ParameterSets
    {
        get
        {
            var all = Parameters.SelectMany(parameter => parameter.Attributes.Select(data => (Parameter: parameter, Attribute: data))).ToArray();
            var names = all.Select(entry => SetOf(entry.Attribute)).OfType<string>().Distinct().ToArray();
            return (names.Length == 0 ? [""] : names).SelectMany(name => all
                .Where(entry => (SetOf(entry.Attribute) ?? name) == name)
                .Select(entry => (Name: name, Entry: entry)))
                .GroupBy(pair => pair.Name, pair => pair.Entry);
        }
    }

    public static object? Named(CustomAttributeData data, string name) =>
        data.NamedArguments.FirstOrDefault(argument => argument.MemberName == name).TypedValue.Value;

    public static IEnumerable<CustomAttributeData> Of(MemberInfo member, string attribute)
    {
        for (var at = member; at is not null; at = (at as Type)?.BaseType)
        {
            foreach (var data in at.GetCustomAttributesData().Where(data => data.AttributeType.Name == attribute))
            {
                yield return data;
            }
        }
    }

    public override string ToString() => Name;

    private static string? SetOf(CustomAttributeData data) => (string?)Named(data, "ParameterSetName");

    internal sealed record Parameter(PropertyInfo Property, IReadOnlyList<CustomAttributeData> Attributes)
    {
        public string Name => Property.Name;

        public bool Has(string attribute) => Of(Property, attribute).Any();

        public IEnumerable<string> Aliases => Of(Property, "AliasAttribute")
            .SelectMany(alias => (IReadOnlyCollection<CustomAttributeTypedArgument>)alias.ConstructorArguments[0].Value!)
            .Select(argument => (string)argument.Value!);
    }
}
