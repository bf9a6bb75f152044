using System.Reflection;
using DsmipTools.Wire.Decoding;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using DsmipTools.Wire.Tests.Support;

namespace DsmipTools.Wire.Tests;

/// <summary>Design, section 3: flip every bit of a packet and hold table, view, record and decoded tree against each other.</summary>
public partial class LayoutTests
{
    /// <summary>Fields that decide what the octets are: a flipped bit makes another structure of them, or none.</summary>
    private static readonly string[] Structural = ["Type", "RevocationType", "HeaderLength", "Length", "Subtype"];

    private static readonly string[] StructuralInPackets =
    [
        .. Structural, .. StructuralInIcmp, "Version", "TotalLength", "PayloadLength", "Protocol", "NextHeader", "MoreFragments", "FragmentOffset", "DestinationPort",
    ];

    /// <summary>No checksum covers these (and an IPv4 packet with one bit of its version flipped is a possible IPv6 packet): IPv6 has none of its own, and the pseudo-header holds the addresses only.</summary>
    private static readonly string[] UnprotectedInIPv6 = ["TrafficClass", "FlowLabel", "NextHeader", "HopLimit"];

    public static TheoryData<int> MessageNumbers => [.. Enumerable.Range(0, MessagesWithoutOptions().Count)];

    public static TheoryData<int> ExtensionNumbers => [.. Enumerable.Range(0, Samples.Extensions.Length)];

    public static TheoryData<int> OptionNumbers => [.. Enumerable.Range(0, Samples.Options.Length)];

    public static TheoryData<int> PacketNumbers => [.. Enumerable.Range(0, Samples.Packets().Count())];

    [Theory]
    [MemberData(nameof(MessageNumbers))]
    [Trait("Rfc", "5846-5.1-01")]
    [Trait("Rfc", "5846-5.2-01")]
    [Trait("Rfc", "5213-8.1-01")]
    [Trait("Rfc", "5213-8.2-01")]
    [Trait("Rfc", "5847-3.3-01")]
    [Trait("Rfc", "5847-3.3-02")]
    [Trait("Rfc", "5845-6.2-01")]
    [Trait("Rfc", "5845-6.3-01")]
    public void A_flipped_bit_of_a_message_changes_the_field_of_the_table_and_nothing_else(int number)
    {
        var message = MessagesWithoutOptions()[number];
        var original = message.ToOctets().ToArray();
        var table = message.Table;
        var record = new RecordReader(message.GetType());
        IFieldReader reader = ViewReader.Of(message.GetType()) ?? (IFieldReader)record;
        var names = table.Fields.Select(field => field.Name).Except(Structural).ToArray();
        Assert.Subset(reader.Names.ToHashSet(), names.ToHashSet());

        for (var bit = 0; bit < table.Length * 8; bit++)
        {
            var flipped = Flip(original, bit);
            var field = FieldAt(table, bit);
            if (Structural.Contains(field.Name))
            {
                var error = Assert.IsType<WireError>(reader.Read(names[0], flipped));
                Assert.Equal((field.Name, field.Offset), (error.Field, error.Offset));
                continue;
            }

            Assert.Equal([field.Name], names.Where(name => !reader.Read(name, original).Equals(reader.Read(name, flipped))));
            Assert.Equal([field.Name], names.Where(name => !record.Read(name, original).Equals(record.Read(name, flipped))));
            Assert.Equal(flipped, record.Parse(flipped, out _)!.ToOctets().ToArray());
        }
    }

    [Theory]
    [MemberData(nameof(ExtensionNumbers))]
    [Trait("Rfc", "5454-2.1-01")]
    [Trait("Rfc", "5454-2.2-01")]
    [Trait("Rfc", "5454-2.3-01")]
    public void A_flipped_bit_of_an_extension_changes_the_field_of_the_table_and_nothing_else(int number)
    {
        var original = Samples.Extensions[number];
        var carrier = new RegistrationRequest { Extensions = [original] }.ToOctets().ToArray();
        FlipElement(carrier, RegistrationRequest.Fields.Layout.Length, original, octets =>
            MobileIPv4Message.TryParse(octets, out var message, out _) ? ((RegistrationRequest)message!).Extensions[0] : null);
    }

    [Theory]
    [MemberData(nameof(OptionNumbers))]
    [Trait("Rfc", "5213-8.3-01")]
    [Trait("Rfc", "5213-8.3-02")]
    [Trait("Rfc", "5213-8.4-01")]
    [Trait("Rfc", "5213-8.5-01")]
    [Trait("Rfc", "5213-8.6-01")]
    [Trait("Rfc", "5213-8.7-01")]
    [Trait("Rfc", "5213-8.8-01")]
    [Trait("Rfc", "5844-3.3.1-01")]
    [Trait("Rfc", "5844-3.3.2-01")]
    [Trait("Rfc", "5844-3.3.3-01")]
    [Trait("Rfc", "5844-3.3.4-01")]
    [Trait("Rfc", "5844-3.3.4-02")]
    [Trait("Rfc", "5847-3.4-01")]
    [Trait("Rfc", "5845-6.1-01")]
    [Trait("Rfc", "5845-6.1-02")]
    public void A_flipped_bit_of_an_option_changes_the_field_of_the_table_and_nothing_else(int number)
    {
        var original = Samples.Options[number];
        var carrier = new BindingRevocationIndication { Options = [original] }.ToOctets().ToArray();
        Assert.True(MobilityHeaderView.TryParse(carrier, out var view, out _));
        var at = MobilityMessage.From(view).Options.TakeWhile(option => option != original).Sum(option => option.GetLength());
        FlipElement(carrier, BindingRevocationIndication.Fields.Layout.Length + at, original, octets =>
            MobilityHeaderView.TryParse(octets, out var flipped, out _)
            && MobilityMessage.From(flipped) is BindingRevocationIndication indication
                ? OptionAt(indication, at)
                : null);
    }

    [Theory]
    [MemberData(nameof(PacketNumbers))]
    public void A_flipped_bit_of_a_packet_changes_the_decoded_field_at_that_bit_and_none_before_it(int number)
    {
        var original = Samples.Packets().ElementAt(number);
        var decoder = new PacketDecoder();
        var fields = Flatten(decoder.Decode(original).Layers);
        Assert.Null(decoder.Decode(original).Error);
        Assert.Equal(original.Length * 8, fields.Sum(field => field.BitWidth));

        for (var bit = 0; bit < original.Length * 8; bit++)
        {
            var packet = decoder.Decode(Flip(original, bit));
            var after = Flatten(packet.Layers);
            var changed = fields.FindIndex(field => bit >= StartOf(field) && bit < StartOf(field) + field.BitWidth);
            var name = fields[changed].Name;

            // The length of an extension decides whether it has the table of its type, and so what stands between type and length.
            var type = fields.FindLastIndex(changed, field => field.Name == "Type");
            var settled = name == "Length" && type >= 0 ? type + 1 : changed;
            Assert.True(Says(fields.Take(settled)).SequenceEqual(Says(after.Take(settled))), $"before {name}, bit {bit}");
            Assert.NotEqual(fields[changed].Value, after[changed].Value);
            Assert.True(
                name == "Version" || packet.Error is not null == (!UnprotectedInIPv6.Contains(name) || original[0] >> 4 == 4), $"{name}: {packet.Error}");
            if (!StructuralInPackets.Contains(name))
            {
                Assert.True(Says(fields.Skip(changed + 1)).SequenceEqual(Says(after.Skip(changed + 1))), $"after {name}, bit {bit}");
            }
        }
    }

    [Fact]
    public void Every_table_is_flipped_and_every_field_is_described()
    {
        var declared = typeof(Layout).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(field => field.FieldType == typeof(Layout))
            .Select(field => (Layout)field.GetValue(null)!)
            .ToArray();
        Assert.All(declared, table => Assert.Matches(table.Name == "Data" ? "^$" : "^(RFC |IEEE 802|tcpdump.org, LINKTYPE_)", table.Rfc));
        Assert.All(declared.SelectMany(table => table.Fields), field => Assert.NotEmpty(field.Meaning));
        Assert.All(declared, table => Assert.Distinct(table.Fields.Select(field => field.Name)));

        var decoder = new PacketDecoder();
        var stacks = Samples.HeaderStacks.Select(stack => PacketComposer.Compose(stack.Layers).ToArray());
        var flipped = Samples.Packets().Concat(stacks).SelectMany(packet => Structures(decoder.Decode(packet).Layers)).ToHashSet();
        flipped.UnionWith(Samples.LinkHeaders.Select(header => header.Table.Name));
        Assert.Equal(["Encapsulating Security Payload Trailer", "Mobility Header"], declared.Select(table => table.Name).Where(name => !flipped.Contains(name)).Order());
    }

    private static List<Structure> MessagesWithoutOptions() =>
    [
        .. Samples.MobileIPv4Messages.Select(Samples.FixedPart),
        .. Samples.MobilityMessages.Select(message => message with { Options = [] }),
    ];

    private static string[] NamesOf(Layout table) => [.. table.Fields.Select(field => field.Name).Except(Structural)];

    private static void FlipElement(byte[] carrier, int offset, Structure original, Func<byte[], object?> parse)
    {
        var table = original.Table;
        var names = table.Fields.Select(field => field.Name)
            .Where(name => name is not ("Type" or "Length") && original.GetType().GetProperty(name) is not null).ToArray();
        Assert.Equal(original, parse(carrier));
        Assert.Subset(Structural.ToHashSet(), table.Fields.Select(field => field.Name).Except(names).ToHashSet());
        for (var bit = 0; bit < original.GetLength() * 8; bit++)
        {
            var flipped = parse(Flip(carrier, (offset * 8) + bit));
            var field = FieldAt(table, bit);
            var isSame = flipped?.GetType() == original.GetType();
            Assert.NotEqual(original, flipped);
            Assert.True(isSame || Structural.Contains(field.Name), field.Name);
            Assert.Equal([field.Name], isSame && names.Contains(field.Name) ? Changed(names, original, flipped!) : [field.Name]);
        }
    }

    private static MobilityOption? OptionAt(BindingRevocationIndication indication, int offset)
    {
        foreach (var option in indication.Options)
        {
            if (offset <= 0)
            {
                return offset == 0 ? option : null;
            }

            offset -= option.GetLength();
        }

        return null;
    }

    private static IEnumerable<string> Changed(string[] names, object before, object after)
    {
        Assert.IsType(before.GetType(), after);
        return names.Where(name => !Equals(before.GetType().GetProperty(name)!.GetValue(before), after.GetType().GetProperty(name)!.GetValue(after)));
    }

    private static IEnumerable<(string Name, object Value, int Offset, int BitOffset, int BitWidth)> Says(IEnumerable<DecodedField> fields) =>
        fields.Select(field => (field.Name, field.Value, field.Offset, field.BitOffset, field.BitWidth));

    private static int StartOf(DecodedField field) => (field.Offset * 8) + field.BitOffset;

    private static List<DecodedField> Flatten(IEnumerable<Layer> layers) =>
        [.. layers.SelectMany(layer => layer.Fields.Concat(Flatten(layer.Children)))];

    private static IEnumerable<string> Structures(IEnumerable<Layer> layers) =>
        layers.SelectMany(layer => Structures(layer.Children).Prepend(layer.Name));

    private static Field FieldAt(Layout table, int bit) =>
        table.Fields.Last(field => field.BitOffset <= bit && (field.BitWidth == 0 || bit < field.BitOffset + field.BitWidth));

    private static byte[] Flip(byte[] octets, int bit)
    {
        var flipped = octets.ToArray();
        flipped[bit / 8] ^= (byte)(0x80 >> (bit % 8));
        return flipped;
    }
}
