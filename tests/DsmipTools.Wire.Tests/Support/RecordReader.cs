using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobilityHeader;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>Reads the fields of a message by name.</summary>
internal interface IFieldReader
{
    /// <summary>The names of the fields.</summary>
    IEnumerable<string> Names { get; }

    /// <summary>The value of a field, or a WireError when the octets are no such message.</summary>
    object Read(string name, byte[] octets);
}

/// <summary>Reads the properties of the record that a message becomes.</summary>
internal sealed class RecordReader(Type message) : IFieldReader
{
    public IEnumerable<string> Names => message.GetProperties().Select(property => property.Name);

    public object Read(string name, byte[] octets) =>
        Parse(octets, out var error) is var parsed && parsed?.GetType() == message
            ? message.GetProperty(name)!.GetValue(parsed)!
            : TypeError(octets) ?? error;

    /// <summary>Whatever message of the same family the octets are.</summary>
    internal Structure? Parse(byte[] octets, out WireError error)
    {
        if (message.IsAssignableTo(typeof(MobileIPv4Message)))
        {
            _ = MobileIPv4Message.TryParse(octets, out var parsed, out error);
            return parsed;
        }

        return MobilityHeaderView.TryParse(octets, out var header, out error) ? MobilityMessage.From(header, out error) : null;
    }

    /// <summary>A message of another type is no error to the library, but it is to whoever wants this message.</summary>
    private WireError? TypeError(byte[] octets) => Activator.CreateInstance(message) switch
    {
        MobilityMessage wanted when MobilityHeaderView.TryParse(octets, out var header, out _) && header.Type != wanted.Type =>
            new WireError("Type", MobilityHeaderFields.Common.Type.Offset, $"is {header.Type}"),
        MobileIPv4Message wanted when octets.Length > 0 && octets[0] != (byte)wanted.Type => new WireError("Type", 0, $"is {octets[0]}"),
        _ => null,
    };
}
