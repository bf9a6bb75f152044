using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Hosting;

/// <summary>
/// IPsec of the Linux kernel for agents on real sockets: the kernel protects what they send, and lets nothing bare through to them. The policies
/// are those of RFC 5213, 4.2 and RFC 5844, 4.3.1, for every Mobility Header type (RFC 5846, 13).
/// </summary>
public static class KernelIPsec
{
    /// <summary>What to do where this program carries no ESP itself.</summary>
    public const string Advice =
        "Real sockets are protected by the kernel's IPsec policies: [DsmipTools.Hosting.KernelIPsec]::PolicyCommands and StateCommands give the ip xfrm commands for two addresses.";

    /// <summary>The commands that make the policies of one end, without keys.</summary>
    /// <param name="local">The address of this host.</param>
    /// <param name="remote">The address of the other end.</param>
    /// <param name="isAnchor">True on the host of the local mobility anchor. Over IPv4 the anchor's port is the one that is known.</param>
    /// <exception cref="ArgumentException">The addresses are not two unicast addresses of one family.</exception>
    public static IReadOnlyList<string> PolicyCommands(Address local, Address remote, bool isAnchor)
    {
        ThrowUnlessPair(local, remote);
        return [Policy(local, remote, "out", isAnchor), Policy(remote, local, "in", !isAnchor)];
    }

    /// <summary>The commands that make the security associations, one each way, with the places where SPI and key have to be filled in.</summary>
    /// <exception cref="ArgumentException">The addresses are not two unicast addresses of one family.</exception>
    public static IReadOnlyList<string> StateCommands(Address local, Address remote)
    {
        ThrowUnlessPair(local, remote);
        return [State(local, remote), State(remote, local)];
    }

    private static string Policy(Address source, Address destination, string direction, bool fromAnchor)
    {
        // No type: RFC 5846, 13 wants type 16 covered by the policy that protects the updates, and so is every other type.
        var selector = source.IsIPv4 ? $"proto udp {(fromAnchor ? "sport" : "dport")} {Envelope.ProxyMobileIPv6Port}" : $"proto {(int)IpProtocol.MobilityHeader}";
        return $"ip xfrm policy add src {source} dst {destination} {selector} dir {direction} tmpl src {source} dst {destination} proto esp mode transport";
    }

    private static string State(Address source, Address destination) =>
        $"ip xfrm state add src {source} dst {destination} proto esp spi SPI mode transport replay-window 64 auth-trunc 'hmac(sha256)' KEY 128 enc 'ecb(cipher_null)' ''";

    private static void ThrowUnlessPair(Address local, Address remote)
    {
        if (!local.IsUnicast || !remote.IsUnicast || local.IsIPv4 != remote.IsIPv4 || local == remote)
        {
            throw new ArgumentException($"{local} and {remote} are not two unicast addresses of one family.");
        }
    }
}
