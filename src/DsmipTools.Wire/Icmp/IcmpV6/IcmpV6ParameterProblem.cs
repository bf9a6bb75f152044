using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV6;

/// <summary>Parameter Problem (RFC 4443, 3.4); <see cref="IcmpMessage.Data"/> quotes the packet.</summary>
public sealed record IcmpV6ParameterProblem : IcmpV6Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMPv6 Parameter Problem", "RFC 4443, 3.4");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV6<IcmpV6ParameterProblemCode>(Layout);

        /// <summary>Offset in octets within the quoted packet where the error was detected.</summary>
        public static readonly Field Pointer =
            Layout.Number("Pointer", 32, "offset in octets within the quoted packet where the error was detected");
    }

    /// <summary>Offset in octets within the quoted packet where the error was detected.</summary>
    public uint Pointer { get; init; }

    /// <inheritdoc/>
    public override IcmpV6Type Type => IcmpV6Type.ParameterProblem;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV6ParameterProblem Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV6ParameterProblem
        {
            Pointer = Fields.Pointer.ReadUInt32(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Pointer.Write(structure, Pointer);
    }
}
