using DsmipTools.Wire.Layouts;

namespace DsmipTools.Wire.Ip.Options;

/// <summary>An option of the IPv4 header (RFC 791, 3.1): of one octet, or with a length that counts type and length too.</summary>
public sealed record IPv4Option : Structure
{
    /// <summary>The layout table.</summary>
    public static class Fields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4 Option", "RFC 791, 3.1");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<IPv4OptionType>("Type", 8, "copied flag, class and number");

        /// <summary>Length.</summary>
        public static readonly Field Length = Layout.Computed("Length", 8, "octets of the option with type and length");

        /// <summary>Data.</summary>
        public static readonly Field Data = Layout.Rest("Data", "option data");
    }

    /// <summary>The layout table of an option of one octet.</summary>
    public static class OneOctetFields
    {
        /// <summary>The table.</summary>
        public static readonly Layout Layout = new("IPv4 Option of One Octet", "RFC 791, 3.1");

        /// <summary>Type.</summary>
        public static readonly Field Type = Layout.Code<IPv4OptionType>("Type", 8, "end of list (0) or no operation (1)");
    }

    /// <summary>The type.</summary>
    public IPv4OptionType Type { get; init; }

    /// <summary>The data, at most 38 octets in a header; none for an option of one octet.</summary>
    public Octets Data { get; init; }

    /// <inheritdoc/>
    public override Layout Table => HasLength(Type) ? Fields.Layout : OneOctetFields.Layout;

    /// <inheritdoc/>
    public override int GetLength() => HasLength(Type) ? 2 + Data.Length : 1;

    /// <inheritdoc/>
    public override int Write(Span<byte> destination)
    {
        Fields.Type.Write(destination, (byte)Type);
        if (HasLength(Type))
        {
            Fields.Length.WriteLength(destination, GetLength());
            Data.Span.CopyTo(destination[Fields.Data.Offset..]);
        }

        return GetLength();
    }

    /// <summary>The options of a header; what is behind the end of the list, or is no option, is <see cref="Wire.Data"/>.</summary>
    internal static ValueList<Structure> ReadAll(ReadOnlySpan<byte> octets)
    {
        var options = new List<Structure>();
        while (LengthOfFirst(octets) is var length and > 0)
        {
            var option = Read(octets[..length]);
            options.Add(option);
            octets = octets[length..];
            if (option.Type == IPv4OptionType.EndOfOptionList)
            {
                break;
            }
        }

        if (!octets.IsEmpty)
        {
            options.Add(Wire.Data.Read(octets));
        }

        return ValueList.From(options);
    }

    private static int LengthOfFirst(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || !HasLength((IPv4OptionType)octets[0]))
        {
            return octets.IsEmpty ? 0 : 1;
        }

        var length = octets.Length > 1 ? octets[1] : 0;
        return length >= 2 && length <= octets.Length ? length : 0;
    }

    private static IPv4Option Read(ReadOnlySpan<byte> octets) => new()
    {
        Type = (IPv4OptionType)octets[0],
        Data = octets.Length > 2 ? Octets.Create(octets[2..]) : default,
    };

    private static bool HasLength(IPv4OptionType type) => type is not (IPv4OptionType.EndOfOptionList or IPv4OptionType.NoOperation);
}
