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
        foreach (var property in Data is null && kinds.Find(Type) is { } kind ? kind.Properties : default)
        {
            var attributes = new Collection<Attribute>
            {
                new ParameterAttribute { Mandatory = property.IsRequired, HelpMessage = property.Meaning },
            };
            if (property.Alias is { } alias)
            {
                attributes.Add(new AliasAttribute(alias));
            }

            if (property.Type != typeof(bool))
            {
                attributes.Add(new FieldArgumentAttribute(property.Type, property.Kind));
            }

            var type = property.Type == typeof(bool) ? typeof(SwitchParameter) : property.Type;
            properties.Add(property.Name, new RuntimeDefinedParameter(property.Name, type, attributes));
        }

        return properties;
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Data is { } data && kinds.TryType(Type, out var number))
        {
            Compose(() => Raw(number, data));
        }
        else if (Data is null && kinds.Find(Type) is { } kind)
        {
            Compose(() => kind.Create(properties.Values.Where(one => one.IsSet)
                .Select(one => KeyValuePair.Create(one.Name, one.Value is SwitchParameter flag ? flag.IsPresent : (object?)one.Value))));
        }
        else
        {
            WriteError(kinds.WhyNot(Type), ErrorIds.InvalidArgument, ErrorCategory.InvalidArgument, Type);
        }
    }

    private protected abstract Structure Raw(byte type, Octets data);
}
