using System.Globalization;

namespace DsmipTools.Labs;

/// <summary>What a link has carried to and from one of its nodes.</summary>
/// <param name="Node">The name of the node.</param>
/// <param name="Sent">Packets that the node sent. Segments of TCP or UDP that leave as one count once.</param>
/// <param name="OctetsSent">Their octets; with the Ethernet header between namespaces.</param>
/// <param name="Received">Packets that arrived at the node, copies included.</param>
/// <param name="OctetsReceived">Their octets.</param>
/// <param name="Lost">Packets of the node that the link lost; one to several nodes counts for each that it did not come to.</param>
public sealed record LabLinkCounters(string Node, long Sent, long OctetsSent, long Received, long OctetsReceived, long Lost)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Node}: {Sent} sent, {Received} received, {Lost} lost");
}
