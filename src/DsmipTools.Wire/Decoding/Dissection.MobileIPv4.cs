using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobileIPv4;
using DsmipTools.Wire.MobileIPv4.Extensions;

namespace DsmipTools.Wire.Decoding;

/// <content>Mobile IPv4 messages and their extensions.</content>
internal ref partial struct Dissection
{
    internal void MobileIPv4(int start, int end)
    {
        var table = MobileIPv4Message.TableOf(frame[start..end]);
        var isMessage = MobileIPv4Message.TryCheck(frame[start..end], out var wrong);
        Fail(wrong.At(start));
        if (table == TunnelData.Fields.Layout)
        {
            Tunnelled(start, end);
        }
        else if (isMessage)
        {
            AddMessage(table, start, end, MobileIPv4Message.Read);
        }
        else
        {
            Add(table, start, end, children: table == MobileIPv4Message.Unknown ? null : WholeExtensions(Math.Min(start + table.Length, end), end));
        }
    }

    /// <summary>Tunnel data: the header, and then the packet behind it. The message has them both.</summary>
    private void Tunnelled(int start, int end)
    {
        var table = TunnelData.Fields.Layout;
        if (!IsTooDeep(TunnelData.Fields.Type, start, end) && TryHeader(table, TunnelData.ReadData, start, end))
        {
            message = new Layer(octets, table, start, end, TunnelData.ReadData);
            Payload((IpProtocol)TunnelData.Fields.NextHeader.ReadByte(frame[start..end]), start + table.Length, end);
        }
    }

    /// <summary>The extensions up to the first that is broken, and that one as it stands.</summary>
    private readonly List<Layer> WholeExtensions(int start, int end)
    {
        var whole = start + ExtensionSequence.Check(frame[start..end], start, out _);
        var children = new List<Layer>();
        foreach (var extension in new ExtensionSequence(frame[start..whole], start))
        {
            children.Add(new Layer(
                octets, Extension.From(extension).Table, extension.Offset, extension.Offset + extension.Octets.Length));
        }

        var isLong = whole < end && ((ExtensionType)frame[whole]).HasLongForm();
        AddCut(children, isLong ? UnknownLongExtension.Fields.Layout : UnknownExtension.Fields.Layout, whole, end);
        return children;
    }
}
