using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <summary>Nodes are names for addresses here, and a link is what happens between the addresses of its nodes.</summary>
internal sealed class SimulatedLabWorld(SimulatedWorld world) : LabWorld
{
    private int attachments;

    public override Link DefaultConditions => world.DefaultLink;

    public override void Open(LabNode node)
    {
        if (node.Kind != LabNodeKind.Host)
        {
            throw new NotSupportedException(
                $"The simulated world has no {node.Kind} nodes: packets go from address to address there. "
                    + (node.Kind == LabNodeKind.Nat ? "SimulatedWorld.AddNat puts a NAT between addresses." : "Use -World Namespace."));
        }
    }

    public override void Open(LabLink link)
    {
        if (link.CapturePath is not null)
        {
            throw new NotSupportedException("The simulated world has one capture for all links, which the lab is made with.");
        }

        if (link.Mtu != LabLinkOptions.DefaultMtu)
        {
            throw new NotSupportedException("Links of the simulated world have no MTU.");
        }
    }

    public override void Close(LabLink link)
    {
    }

    public override LabAttachment Attach(LabNode node, LabLink link) => new(node, link, attachments++, null);

    public override void Detach(LabAttachment attachment)
    {
    }

    public override void Join(LabAttachment attachment)
    {
        foreach (var (own, other) in Pairs(attachment))
        {
            world.SetLink(own, other, attachment.Link.Conditions);
            Part(own, other, !attachment.Link.IsUp);
        }
    }

    public override void Leave(LabAttachment attachment)
    {
        foreach (var (own, other) in Pairs(attachment))
        {
            world.SetLink(own, other, null);
            world.Partition(own, other);
        }
    }

    public override void Apply(LabLink link)
    {
        if (link.Mtu != LabLinkOptions.DefaultMtu)
        {
            throw new NotSupportedException("Links of the simulated world have no MTU.");
        }

        foreach (var attachment in link.Attachments)
        {
            Join(attachment);
        }
    }

    public override IReadOnlyList<LabLinkCounters> Count(LabLink link) => link.Attachments.Select(attachment =>
    {
        LinkPathCounters sent = default, received = default;
        foreach (var (own, other) in Pairs(attachment))
        {
            sent += world.CountersOf(own, other);
            received += world.CountersOf(other, own);
        }

        return new LabLinkCounters(
            attachment.Node.Name, sent.Packets, sent.Octets, received.Packets + received.Copies - received.Lost, received.Octets - received.OctetsLost, sent.Lost);
    }).ToArray();

    public override void Dispose()
    {
    }

    private static IEnumerable<(Wire.Ip.Address Own, Wire.Ip.Address Other)> Pairs(LabAttachment attachment) =>
        from own in attachment.Addresses
        from neighbour in attachment.Link.Attachments
        where neighbour != attachment
        from other in neighbour.Addresses
        where own.Address.IsIPv4 == other.Address.IsIPv4
        select (own.Address, other.Address);

    private void Part(Wire.Ip.Address own, Wire.Ip.Address other, bool apart)
    {
        if (apart)
        {
            world.Partition(own, other);
        }
        else
        {
            world.Heal(own, other);
        }
    }
}
