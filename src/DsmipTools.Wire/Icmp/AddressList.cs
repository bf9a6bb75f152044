using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp;

/// <summary>Addresses that follow each other; each is a structure of its own, with a table of one field.</summary>
internal static class AddressList
{
    internal static Layout OfIPv4(string name, string rfc, string field, string meaning)
    {
        var table = new Layout(name, rfc);
        table.IPv4(field, meaning);
        return table;
    }

    internal static Layout OfIPv6(string name, string rfc, string field, string meaning)
    {
        var table = new Layout(name, rfc);
        table.IPv6(field, meaning);
        return table;
    }

    internal static ValueList<Address> Read(Layout table, ReadOnlySpan<byte> octets)
    {
        var addresses = new Address[octets.Length / table.Length];
        for (var at = 0; at < addresses.Length; at++)
        {
            addresses[at] = table.Fields[0].ReadAddress(octets[(at * table.Length)..]);
        }

        return ValueList.Own(addresses);
    }

    internal static IEnumerable<Structure> Parts(Layout table, ValueList<Address> addresses) =>
        from address in addresses select new Listed(table, address);

    /// <summary>Octets that no table describes as one structure, or none for no octets.</summary>
    internal static IEnumerable<Structure> Rest(Octets octets) => octets.Length == 0 ? [] : [new Data { Octets = octets }];

    private sealed record Listed(Layout List, Address Address) : Structure
    {
        public override Layout Table => List;

        public override int GetLength() => List.Length;

        public override int Write(Span<byte> destination)
        {
            List.Fields[0].Write(destination, Address);
            return List.Length;
        }
    }
}
