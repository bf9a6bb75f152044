using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Icmp.IcmpV4;

/// <summary>Parameter Problem (RFC 792); <see cref="IcmpMessage.Data"/> quotes the packet.</summary>
public sealed record IcmpV4ParameterProblem : IcmpV4Message
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("ICMP Parameter Problem", "RFC 792");

        /// <summary>The fields of every ICMP message.</summary>
        public static readonly IcmpHeaderFields Header = IcmpHeaderFields.OfIcmpV4<IcmpV4ParameterProblemCode>(Layout);

        /// <summary>Offset in octets within the quoted packet where the error was detected.</summary>
        public static readonly Field Pointer =
            Layout.Number("Pointer", 8, "offset in octets within the quoted packet where the error was detected");

        /// <summary>Unused octets.</summary>
        public static readonly Field Unused = Layout.Reserved(24, "Unused");
    }

    /// <summary>Offset in octets within the quoted packet where the error was detected.</summary>
    public byte Pointer { get; init; }

    /// <summary>Unused octets.</summary>
    public uint Unused { get; init; }

    /// <inheritdoc/>
    public override IcmpV4Type Type => IcmpV4Type.ParameterProblem;

    /// <inheritdoc/>
    public override Layout Table => Fields.Layout;

    internal static IcmpV4ParameterProblem Read(ref IcmpReader reader)
    {
        var octets = reader.Octets;
        return new IcmpV4ParameterProblem
        {
            Pointer = Fields.Pointer.ReadByte(octets),
            Unused = (uint)Fields.Unused.ReadNumber(octets),
        };
    }

    private protected override void WriteFields(Span<byte> structure)
    {
        Fields.Pointer.Write(structure, Pointer);
        Fields.Unused.Write(structure, Unused);
    }
}
