using System.Globalization;
using System.Runtime.CompilerServices;
using Fields = DsmipTools.Wire.Icmp.MulticastListenerDiscovery.MulticastAddressRecord.Fields;

namespace DsmipTools.Wire.Icmp.MulticastListenerDiscovery;

/// <summary>The multicast address records of a report (RFC 3810, 5.2.4), checked as a whole before any is handed out.</summary>
public readonly ref struct MulticastAddressRecordSequence
{
    private readonly ReadOnlySpan<byte> octets;

    internal MulticastAddressRecordSequence(ReadOnlySpan<byte> octets) => this.octets = octets;

    /// <summary>How many octets hold whole records, at most as many as a report says; the error says what is wrong with the next one.</summary>
    /// <param name="octets">The records, and what follows them.</param>
    /// <param name="offset">Where they stand in the message, for the error.</param>
    /// <param name="count">How many the report says.</param>
    /// <param name="error">What is wrong.</param>
    internal static int Check(ReadOnlySpan<byte> octets, int offset, int count, out WireError error)
    {
        var at = 0;
        for (; count > 0; count--)
        {
            var left = octets.Length - at;
            if (left < Fields.Layout.Length)
            {
                error = IsMissing(offset + octets.Length, count);
                return at;
            }

            var length = LengthAt(octets, at);
            if (length > left)
            {
                error = IsCut(offset + at, length, left);
                return at;
            }

            at += length;
        }

        error = default;
        return at;
    }

    /// <summary>Enumerates in wire order.</summary>
    public Enumerator GetEnumerator() => new(octets);

    private static int LengthAt(ReadOnlySpan<byte> octets, int at) => Fields.Layout.Length
        + (Fields.NumberOfSources.ReadUInt16(octets[at..]) * Fields.SourceAddress.Length)
        + (Fields.AuxDataLen.ReadByte(octets[at..]) * 4);

    // The texts are made apart from the checks: their room on the stack would be cleared at every check.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsMissing(int offset, int count) =>
        new(Fields.Layout.Name, offset, string.Create(CultureInfo.InvariantCulture, $"{count} more records should follow"));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WireError IsCut(int offset, int says, int has) => new(
        Fields.NumberOfSources.Name,
        offset + Fields.NumberOfSources.Offset,
        string.Create(CultureInfo.InvariantCulture, $"sources and auxiliary data make a record of {says} octets, but there are {has}"));

    /// <summary>The enumerator.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> octets;
        private int at;
        private int length;

        internal Enumerator(ReadOnlySpan<byte> octets) => this.octets = octets;

        /// <summary>The current record.</summary>
        public readonly MulticastAddressRecordView Current => new(octets.Slice(at, length));

        /// <summary>Moves to the next record.</summary>
        public bool MoveNext()
        {
            at += length;
            if (at >= octets.Length)
            {
                return false;
            }

            length = LengthAt(octets, at);
            return true;
        }
    }
}
