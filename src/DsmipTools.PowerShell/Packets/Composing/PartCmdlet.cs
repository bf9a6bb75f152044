using System.Collections.ObjectModel;
using System.Management.Automation;
using DsmipTools.Packets;
using DsmipTools.PowerShell.Infrastructure;
using DsmipTools.Wire;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Composes an option or an extension: its kind decides which further parameters there are.</summary>
public abstract class PartCmdlet : ComposingCmdlet, IDynamicParameters
{
    private readonly PartKinds kinds;
    private readonly Dictionary<string, string> propertyNames = [];
    private RuntimeDefinedParameterDictionary properties = new();

    private protected PartCmdlet(PartKinds kinds) => this.kinds = kinds;

    /// <summary>The kind, by name or type number.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PartKindCompleter))]
    public string Type { get; set; } = "";

    /// <summary>The octets behind type and length, whatever they are.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [AllowEmptyCollection]
    [FieldArgument(typeof(Octets), FieldKind.Rest)]
    public Octets? Data { get; set; }

    /// <summary>The parameters that the kind has.</summary>
    public object GetDynamicParameters()
    {
        properties = new RuntimeDefinedParameterDictionary();
        foreach (var property in (Kind() ?? RawKind())?.Properties ?? default)
        {
            if (property.Name == nameof(Data))
            {
                continue;
            }

            var parameter = new ParameterAttribute { Mandatory = property.IsRequired };
            if (property.Meaning.Length > 0)
            {
                parameter.HelpMessage = property.Meaning;
            }

            var attributes = new Collection<Attribute> { parameter };
            if (property.Alias is { } alias)
            {
                attributes.Add(new AliasAttribute(alias));
            }

            if (property.Type != typeof(bool))
            {
                attributes.Add(new FieldArgumentAttribute(property.Type, property.Kind));
            }

            var type = property.Type == typeof(bool) ? typeof(SwitchParameter) : property.Type;
            var name = ParameterName(property.Name);
            propertyNames[name] = property.Name;
            properties.Add(name, new RuntimeDefinedParameter(name, type, attributes));
        }

        return properties;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Kind() is { } kind)
        {
            Compose(() => kind.Create(Values()));
        }
        else
        {
            WriteError(kinds.WhyNot(Type), ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, Type);
        }
    }

    /// <inheritdoc/>
    private protected override IEnumerable<string> OtherErrors(Structure composed) =>
        PartKinds.HasRightLength(composed) ? [] : [$"{composed.Table.Rfc}, {composed.Table.Name}.Length: is not that of the octets behind it"];

    /// <summary>PowerShell takes a parameter that depends on others for the common one that begins so, such as -Inform for -InformationAction.</summary>
    private static string ParameterName(string property) =>
        CommonParameters.Any(common => common.StartsWith(property, StringComparison.OrdinalIgnoreCase)) ? $"{property}Bit" : property;

    private PartKind? Kind() => Data is null ? kinds.Find(Type) : RawKind();

    private PartKind? RawKind() => kinds.TryType(Type, out var number) ? kinds.Raw(number) : null;

    private IEnumerable<KeyValuePair<string, object?>> Values()
    {
        foreach (var parameter in properties.Values.Where(one => one.IsSet))
        {
            yield return KeyValuePair.Create(propertyNames[parameter.Name], parameter.Value is SwitchParameter flag ? flag.IsPresent : (object?)parameter.Value);
        }

        if (Data is { } data)
        {
            yield return KeyValuePair.Create(nameof(Data), (object?)data);
        }
    }
}
