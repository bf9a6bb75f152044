using System.Globalization;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Icmp.MulticastListenerDiscovery;
using DsmipTools.Wire.Icmp.NeighborDiscovery.Options;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp;

/// <summary>
/// Reads the parts of a message one after the other, checks before it advances, and stops at the first that is wrong: what was read
/// stands, so that a decoder can show it.
/// </summary>
internal ref struct IcmpReader
{
    private readonly bool checksOnly;
    private int at;

    /// <param name="octets">The message.</param>
    /// <param name="checksOnly">True to check all lists and to make none.</param>
    internal IcmpReader(ReadOnlySpan<byte> octets, bool checksOnly = false)
    {
        Octets = octets;
        this.checksOnly = checksOnly;
        Cut = Data.Fields.Layout;
    }

    /// <summary>The whole message.</summary>
    internal readonly ReadOnlySpan<byte> Octets { get; }

    /// <summary>What is wrong, with its offset in the message.</summary>
    internal WireError Error { readonly get; private set; }

    /// <summary>The table of the structure that is wrong; it begins where reading stopped.</summary>
    internal Layout Cut { readonly get; private set; }

    /// <summary>How many octets were read without an error.</summary>
    internal readonly int At => at;

    private readonly ReadOnlySpan<byte> Left => Octets[at..];

    /// <summary>The fixed part, with which every message begins.</summary>
    internal bool TryFixed(Layout table)
    {
        if (!Fits(Octets, table, out var error))
        {
            at = 0;
            Fail(table, error);
            return false;
        }

        at = table.Length;
        return true;
    }

    internal static bool Fits(ReadOnlySpan<byte> octets, Layout table, out WireError error)
    {
        var fits = octets.Length >= table.Length;
        error = fits ? default : new WireError(
            table.Name, octets.Length, string.Create(CultureInfo.InvariantCulture, $"ends before its {table.Length} octets"));
        return fits;
    }

    internal ValueList<NeighborDiscoveryOption> Options()
    {
        var start = at;
        var whole = NeighborDiscoveryOptionSequence.Check(Left, start, out var error);
        var options = new List<NeighborDiscoveryOption>();
        foreach (var option in new NeighborDiscoveryOptionSequence(ToMake(start, whole), start))
        {
            options.Add(NeighborDiscoveryOption.From(option));
        }

        Advance(whole, UnknownNeighborDiscoveryOption.Fields.Layout, error);
        return ValueList.From(options);
    }

    internal ValueList<AgentAdvertisementExtension> Extensions()
    {
        var start = at;
        var whole = TypeLengthValue.Check(Left, start, "Extension", out var error);
        var extensions = new List<AgentAdvertisementExtension>();
        for (var listed = ToMake(start, whole); listed.Length > 0;)
        {
            var length = TypeLengthValue.LengthAt(listed, 0);
            extensions.Add(AgentAdvertisementExtension.From(listed[..length]));
            listed = listed[length..];
        }

        Advance(whole, UnknownAgentAdvertisementExtension.Fields.Layout, error);
        return ValueList.From(extensions);
    }

    internal ValueList<RouterAddressEntry> RouterAddressEntries()
    {
        var size = IcmpV4RouterAdvertisement.Fields.AddrEntrySize.ReadByte(Octets) * 4;
        var count = IcmpV4RouterAdvertisement.Fields.NumAddrs.ReadByte(Octets);
        if (count > 0 && size < RouterAddressEntry.Fields.Layout.Length)
        {
            var field = IcmpV4RouterAdvertisement.Fields.AddrEntrySize;
            Fail(Data.Fields.Layout, new WireError(field.Name, field.Offset, "is less than the 2 words of an entry"));
            return default;
        }

        var octets = Counted(IcmpV4RouterAdvertisement.Fields.NumAddrs, count, size);
        var entries = new List<RouterAddressEntry>();
        for (; octets.Length > 0; octets = octets[size..])
        {
            entries.Add(RouterAddressEntry.Read(octets[..size]));
        }

        return ValueList.From(entries);
    }

    internal ValueList<MulticastAddressRecord> MulticastAddressRecords(int count)
    {
        var start = at;
        var whole = MulticastAddressRecordSequence.Check(Left, start, count, out var error);
        var records = new List<MulticastAddressRecord>();
        foreach (var record in new MulticastAddressRecordSequence(ToMake(start, whole)))
        {
            records.Add(MulticastAddressRecord.From(record));
        }

        Advance(whole, MulticastAddressRecord.Fields.Layout, error);
        return ValueList.From(records);
    }

    /// <summary>As many addresses as a field counts.</summary>
    internal ValueList<Address> Addresses(Layout table, Field count) =>
        AddressList.Read(table, Counted(count, count.ReadUInt16(Octets), table.Length));

    /// <summary>As many structures of one length as a field counts; none when there are fewer.</summary>
    internal ReadOnlySpan<byte> Counted(Field field, int count, int length)
    {
        var fits = (long)count * length <= Left.Length;
        var start = at;
        var whole = fits ? count * length : 0;
        Advance(whole, Data.Fields.Layout, fits ? default : new WireError(
            field.Name, field.Offset, string.Create(CultureInfo.InvariantCulture, $"says {count}, but only {Left.Length} octets follow")));
        return ToMake(start, whole);
    }

    /// <summary>Addresses up to the end of the message.</summary>
    internal ValueList<Address> Addresses(Layout table)
    {
        var odd = Left.Length % table.Length;
        var whole = Left.Length - odd;
        var addresses = AddressList.Read(table, ToMake(at, whole));
        Advance(whole, Data.Fields.Layout, odd == 0 ? default : new WireError(
            table.Name, Octets.Length, "the message ends within an address"));
        return addresses;
    }

    /// <summary>Everything up to the end of the message.</summary>
    internal Octets Rest()
    {
        var rest = Wire.Octets.Create(ToMake(at, Left.Length));
        at = Octets.Length;
        return rest;
    }

    internal void Fail(Layout cut, WireError error)
    {
        Cut = cut;
        Error = error;
    }

    /// <summary>The octets of which values are to be made.</summary>
    private readonly ReadOnlySpan<byte> ToMake(int start, int length) => checksOnly ? default : Octets.Slice(start, length);

    private void Advance(int octets, Layout cut, WireError error)
    {
        at += octets;
        if (error.IsError)
        {
            Fail(cut, error);
        }
    }
}
