using System.Buffers.Binary;
using DsmipTools.Wire.Ip;
using FsCheck;
using FsCheck.Fluent;

namespace DsmipTools.Wire.Tests.Support;

/// <summary>Generators of every record. Reserved bits, unassigned code points, prefix lengths up to 255 and stray host bits are all among them.</summary>
internal static partial class Generators
{
    private static Gen<bool> Flag => Gen.Elements(false, true);

    private static Gen<byte> U8 => Gen.Choose(0, 255).Select(value => (byte)value);

    private static Gen<ushort> U16 => Gen.Choose(0, 65535).Select(value => (ushort)value);

    private static Gen<ulong> U64 => U8.ArrayOf(8).Select(octets => BinaryPrimitives.ReadUInt64BigEndian(octets));

    private static Gen<Address> IPv4 => U8.ArrayOf(4).Select(octets => Address.FromOctets(octets));

    private static Gen<Address> IPv6 => U8.ArrayOf(16).Select(octets => Address.FromOctets(octets));

    internal static Gen<Prefix> Prefixes =>
        from bits in IPv6
        from length in Gen.OneOf(U8, Gen.Elements<byte>(0, 1, 64, 127, 128, 129, 255))
        select new Prefix(bits.Value, length);

    private static Gen<Octets> OctetsOf(int least, int most) =>
        from length in Gen.OneOf(Gen.Choose(least, most), Gen.Elements(least, most))
        from octets in U8.ArrayOf(length)
        select Octets.Create(octets);

    private static Gen<ValueList<T>> ListOf<T>(Gen<T> elements, int most) =>
        from count in Gen.Choose(0, most)
        from items in elements.ArrayOf(count)
        select ValueList.From(items);
}
