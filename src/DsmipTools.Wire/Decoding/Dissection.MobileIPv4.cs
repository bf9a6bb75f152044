using DsmipTools.Wire.Layouts;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Decoding;

/// <content>Mobile IPv4 messages and their extensions.</content>
internal ref partial struct Dissection
{
    private static readonly Layout UnknownMobileIPv4 = UnknownMobileIPv4Table();

    internal void MobileIPv4(int start, int end)
    {
        var octets = frame[start..end];
        var type = octets.Length > 0 ? (MobileIPv4MessageType)octets[0] : default;
        if (type is not (MobileIPv4MessageType.RegistrationRequest or MobileIPv4MessageType.RegistrationReply))
        {
            Fail("Type", start, octets.Length > 0 ? $"Mobile IPv4 message type {(byte)type} is not decoded" : "there is no message");
            Add(UnknownMobileIPv4, start, end);
            return;
        }

        var table = type == MobileIPv4MessageType.RegistrationRequest ? RegistrationRequest.Fields.Layout : RegistrationReply.Fields.Layout;
        if (MobileIPv4Message.TryParse(octets, out _, out var wrong))
        {
            AddMessage(table, start, end, Read);
            return;
        }

        Fail(wrong.At(start));
        var listed = octets[Math.Min(table.Length, octets.Length)..];
        var whole = TypeLengthValue.Check(listed, table.Length, "Extension", out _);
        var children = new List<Layer>();
        foreach (var extension in new ExtensionSequence(listed[..whole], start + table.Length))
        {
            children.Add(new Layer(
                this.octets, Extension.From(extension).Table, extension.Offset, extension.Offset + extension.Octets.Length));
        }

        AddCut(children, UnknownExtension.Fields.Layout, end - (listed.Length - whole), end);
        Add(table, start, end, children: children);

        static Structure Read(ReadOnlySpan<byte> checkedOctets) =>
            MobileIPv4Message.TryParse(checkedOctets, out var parsed, out _) ? parsed! : Wire.Data.Read(checkedOctets);
    }

    private static Layout UnknownMobileIPv4Table()
    {
        var table = new Layout("Mobile IPv4", "RFC 5944, 1.8");
        table.Code<MobileIPv4MessageType>("Type", 8, "the message");
        table.Rest("Octets", "not decoded further");
        return table;
    }
}
