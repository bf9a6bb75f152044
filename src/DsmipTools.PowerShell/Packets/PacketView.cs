using System.Management.Automation;
using DsmipTools.Packets;

namespace DsmipTools.PowerShell.Packets;

/// <summary>How packets are shown by default.</summary>
internal static class PacketView
{
    /// <summary>The first type name of packets that are to be shown a line each; module/DsmipTools.Packets.Format.ps1xml knows it.</summary>
    private const string TableTypeName = "DsmipTools.Packets.DsmipPacket#Table";

    /// <summary>The packet, to be shown as a line of a table in place of its tree.</summary>
    public static PSObject AsTable(DsmipPacket packet)
    {
        var shown = new PSObject(packet);
        shown.TypeNames.Insert(0, TableTypeName);
        return shown;
    }
}
