using DsmipTools.Engine.Forwarding;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Labs;

/// <content>Agents of a lab of namespaces that are told no node: each address gets one, and all of these are on one link.</content>
public sealed partial class Lab
{
    private const string CoreLink = "core";
    private const byte PrefixLengthIPv4 = 24;
    private const byte PrefixLengthIPv6 = 64;

    /// <summary>Puts a node on a link that is there.</summary>
    /// <param name="node">The node.</param>
    /// <param name="link">The link.</param>
    /// <param name="addresses">Its addresses there; null or none for what the prefixes of the link leave.</param>
    /// <param name="routes">Its routes there; null for the one to the link's gateway alone.</param>
    /// <exception cref="ArgumentException">The node is on the link, or an address is in use.</exception>
    /// <exception cref="Net.NetException">The host refuses.</exception>
    public LabAttachment Attach(LabNode node, LabLink link, IReadOnlyList<InterfaceAddress>? addresses = null, IReadOnlyList<LabRoute>? routes = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(link);
        lock (gate)
        {
            ThrowUnlessHere(link);
            if (node.Attachments.Any(attachment => attachment.Link == link))
            {
                throw new ArgumentException($"{node} is on the link {link} already.");
            }

            var chosen = AddressesFor(link, new LabMember(node.Name) { Addresses = addresses ?? [] }, link.Attachments.Count);
            var attachment = Topology.Attach(node, link);
            try
            {
                Join(attachment, chosen, routes ?? []);
                return attachment;
            }
            catch
            {
                Topology.Detach(attachment);
                link.Remove(attachment);
                node.Remove(attachment);
                throw;
            }
        }
    }

    /// <summary>Where an agent with an address runs: the node that has it, or a new one on a link with all others.</summary>
    /// <param name="agent">The agent; a new node is named after it.</param>
    /// <param name="address">The address; of another subnet than those of its peers it reaches nobody.</param>
    /// <exception cref="ArgumentException">It is a loopback address, which no link carries.</exception>
    /// <exception cref="Net.NetException">The host refuses.</exception>
    internal AgentPlace PlaceOf(string agent, Address address)
    {
        if (address.IsLoopback)
        {
            throw new ArgumentException($"{agent} has the loopback address {address}, which no link between network namespaces carries. Choose another one, such as 198.18.0.1.");
        }

        lock (gate)
        {
            if (Nodes.FirstOrDefault(node => node.Addresses.Contains(address)) is { } present)
            {
                return AgentPlace.In(present);
            }

            var link = FindLink(CoreLink) ?? AddLink(new LabLinkOptions { Name = CoreLink });
            var added = AddNode(NameFor(agent), LabNodeKind.Router);
            Attach(added, link, [new InterfaceAddress(address, address.IsIPv4 ? PrefixLengthIPv4 : PrefixLengthIPv6)]);
            return AgentPlace.In(added);
        }
    }

    private string NameFor(string agent)
    {
        var name = string.Concat(agent.Take(LongestName - 4).Select(character => InNames.Contains(character) ? character : '-'));
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? name : $"{name}-{number}").First(free => FindNode(free) is null);
    }
}
