using System.Net;
using DsmipTools.Packets;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;

namespace DsmipTools.Tests.Packets;

public sealed class PartKindsTests
{
    public static TheoryData<string> Names => new(PartKinds.MobilityOptions.All.Concat(PartKinds.Extensions.All).Select(kind => kind.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_kind_is_made_of_its_properties_and_read_back_as_itself(string name)
    {
        var kind = PartKinds.MobilityOptions.Find(name) ?? PartKinds.Extensions.Find(name)!;
        var values = kind.Properties.Where(property => property.Name != "Length").ToDictionary(property => property.Name, Sample);

        var part = kind.Create(values);

        FieldFit.Ensure(part);
        Assert.Equal(kind.Table, part.Table);
        Assert.Equal(part.ToOctets().Length, part.GetLength());
        Structure message = part is MobilityOption option
            ? new BindingUpdate { Options = [option], Verbatim = true }
            : new RegistrationRequest { Extensions = [(Extension)part] };
        Assert.Equal(part.ToOctets(), Octets.Create(message.ToOctets().Span[message.Table.Length..]));
    }

    [Fact]
    public void All_types_of_the_registries_with_a_record_are_there()
    {
        Assert.Equal(
            MobilityOptionForms.All.Select(form => (byte)form.Type).Order(), PartKinds.MobilityOptions.All.Select(kind => kind.Type).Order());
        Assert.Contains(PartKinds.Extensions.All, kind => kind is { Name: "IPv6TunnelingMode", Type: 152 });
    }

    [Fact]
    public void Names_and_numbers_find_a_kind_and_where_they_do_not_the_reason_says_what_to_do()
    {
        var options = PartKinds.MobilityOptions;
        foreach (var name in (string[])["HomeNetworkPrefix", "homenetworkprefix", "22", "0x16"])
        {
            Assert.Equal("HomeNetworkPrefix", options.Find(name)?.Name);
        }

        Assert.Null(options.Find("NoSuch"));
        Assert.Contains("no mobility option 'NoSuch'", options.WhyNot("NoSuch"), StringComparison.Ordinal);
        Assert.Contains("-Data", options.WhyNot("200"), StringComparison.Ordinal);
        Assert.Null(PartKinds.Extensions.Find("DualStackMobileIPv4"));
        Assert.Contains("IPv6PrefixReply, IPv6PrefixRequest, IPv6TunnelingMode", PartKinds.Extensions.WhyNot("152"), StringComparison.Ordinal);
        Assert.False(options.TryType("256", out _));
    }

    [Fact]
    public void Any_octets_make_a_part_of_any_type()
    {
        Assert.Equal("c8030102ff", PartKinds.MobilityOptions.Raw(200).Create([new("Data", "01 02 ff")]).ToOctets().ToString());
        Assert.Equal("1601ff", PartKinds.MobilityOptions.Raw(22).Create([new("Data", (byte[])[255])]).ToOctets().ToString());
        Assert.Equal("2f090003010203", PartKinds.Extensions.Raw(47).Create([new("Subtype", 9), new("Data", new object[] { 1, 2, 3 })]).ToOctets().ToString());
        Assert.Equal("fa00", PartKinds.Extensions.Raw(250).Create([]).ToOctets().ToString());
    }

    [Fact]
    public void A_wrong_length_is_written_in_both_forms()
    {
        var prefix = PartKinds.MobilityOptions.Find("HomeNetworkPrefix")!;
        Assert.Equal("1663", prefix.Create([new("HomeNetworkPrefix", "2001:db8::/64"), new("Length", 99)]).ToOctets().ToString()[..4]);
        Assert.Equal("240902bc66", PartKinds.Extensions.Raw(36).Create([new("Subtype", 9), new("Length", 700), new("Data", "66")]).ToOctets().ToString());
        Assert.False(PartKinds.HasRightLength(prefix.Create([new("Prefix", "2001:db8::/64"), new("Length", 99)])));
        Assert.True(PartKinds.HasRightLength(prefix.Create([new("Prefix", "2001:db8::/64"), new("Length", 18)])));
        Assert.False(PartKinds.HasRightLength(PartKinds.Extensions.Raw(250).Create([new("Length", 1)])));
        Assert.DoesNotContain(PartKinds.MobilityOptions.Find("Pad1")!.Properties, property => property.Name == "Length");
    }

    [Fact]
    public void What_is_missing_unknown_or_none_of_its_type_is_named()
    {
        var prefix = PartKinds.MobilityOptions.Find("HomeNetworkPrefix")!;
        Assert.Contains("needs Prefix", Message([]), StringComparison.Ordinal);
        Assert.Contains("has no Colour; it has", Message([new("Colour", 1)]), StringComparison.Ordinal);
        Assert.Contains("Prefix: 'x' is not an IPv6 prefix", Message([new("Prefix", "x")]), StringComparison.Ordinal);
        Assert.Contains("Reserved: '256' is no number from 0 to 255", Message([new("Reserved", 256)]), StringComparison.Ordinal);

        string Message(KeyValuePair<string, object?>[] values) => Assert.Throws<ArgumentException>(() => prefix.Create(values)).Message;
    }

    [Fact]
    public void Values_are_taken_as_people_write_them()
    {
        Assert.Equal(RevocationStatus.PartialSuccess, FieldValue.Convert("partialsuccess", typeof(RevocationStatus)));
        Assert.Equal((RevocationStatus)200, FieldValue.Convert(200, typeof(RevocationStatus)));
        Assert.Equal((RevocationStatus)200, FieldValue.Convert("0xC8", typeof(RevocationStatus)));
        Assert.Contains("PartialSuccess", Assert.Throws<FormatException>(() => FieldValue.Convert("none", typeof(RevocationStatus))).Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => FieldValue.Convert(-1, typeof(RevocationStatus)));
        Assert.Throws<FormatException>(() => FieldValue.Convert(1.5, typeof(byte)));
        Assert.Equal((Address)"10.0.0.1", FieldValue.Convert(IPAddress.Parse("10.0.0.1"), typeof(Address?)));
        Assert.Equal((Prefix)"2001:db8::/32", FieldValue.Convert(IPNetwork.Parse("2001:db8::/32"), typeof(Prefix)));
        Assert.Equal("6d6e", FieldValue.Convert("mn", typeof(Octets), FieldKind.Text)!.ToString());
        Assert.Equal(ushort.MaxValue, FieldValue.Convert("65535", typeof(ushort?)));
        Assert.Null(FieldValue.Convert(null, typeof(ushort?)));
    }

    [Fact]
    public void A_number_that_its_bits_cannot_hold_is_refused_rather_than_cut()
    {
        FieldFit.Ensure(new BindingUpdate { ReservedFlags = 63 });
        Assert.Contains("64 does not fit into the 6 bits of ReservedFlags", Message(new BindingUpdate { ReservedFlags = 64 }), StringComparison.Ordinal);
        Assert.Contains("wrong address family", Message(new BindingUpdate { Options = [new AlternateCareOfAddressOption { AlternateCareOfAddress = "10.0.0.1" }] }), StringComparison.Ordinal);
        Assert.Contains("Type 8", Message(new BindingUpdate { Options = [new MobileNodeIdentifierOption { Identifier = new byte[300] }] }), StringComparison.Ordinal);

        static string Message(Structure structure) => Assert.Throws<ArgumentException>(() => FieldFit.Ensure(structure)).Message;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Octets_that_are_right_for_their_type_give_its_record(string name)
    {
        var kinds = PartKinds.MobilityOptions.Find(name) is not null ? PartKinds.MobilityOptions : PartKinds.Extensions;
        var kind = kinds.Find(name)!;
        var part = kind.Create(kind.Properties.Where(property => property.Name != "Length").ToDictionary(property => property.Name, Sample));
        if (part.GetLength() == 1)
        {
            return;
        }

        // A long form has its subtype beside the data.
        var octets = part.ToOctets().Span;
        var isLong = part is Extension { Type: var type } && type.HasLongForm();
        var values = new Dictionary<string, object?> { ["Data"] = octets[(isLong ? 4 : 2)..].ToArray() };
        if (isLong)
        {
            values["Subtype"] = octets[1];
        }

        Assert.Equal(part, kinds.Raw(kind.Type).Create(values));
    }

    [Fact]
    public void Octets_that_are_none_of_their_type_stay_as_they_are()
    {
        var part = PartKinds.MobilityOptions.Raw(22).Create([new("Data", "0102")]);
        Assert.IsType<UnknownMobilityOption>(part);
        Assert.Equal("16020102", part.ToOctets().ToString());
        Assert.IsType<UnknownMobilityOption>(PartKinds.MobilityOptions.Raw(8).Create([new("Data", "016d6e"), new("Length", 9)]));
    }

    [Fact]
    public void A_number_of_64_bits_is_taken_in_each_type_that_PowerShell_has_for_it()
    {
        Assert.Equal(ulong.MaxValue, FieldValue.Convert((decimal)ulong.MaxValue, typeof(ulong)));
        Assert.Equal(ulong.MaxValue, FieldValue.Convert(new System.Numerics.BigInteger(ulong.MaxValue), typeof(ulong)));
        Assert.Throws<FormatException>(() => FieldValue.Convert(1.5m, typeof(ulong)));
        Assert.Throws<FormatException>(() => FieldValue.Convert(ulong.MaxValue + 1m, typeof(ulong)));
    }

    private static object? Sample(PartProperty property) =>
        property.Type == typeof(bool) ? true
        : property.Type.IsEnum ? Enum.GetValues(property.Type).GetValue(Enum.GetValues(property.Type).Length - 1)
        : property.Type == typeof(Prefix) ? "2001:db8::/64"
        : property.Type == typeof(Octets) ? (property.Kind == FieldKind.Text ? "mn@example.com" : "0102030405060708")
        : property.Type == typeof(Address) ? (property.Kind == FieldKind.IPv6Address ? "2001:db8::1" : "192.0.2.1")
        : property.Type.IsPrimitive ? 1
        : Array.Empty<object>();
}
