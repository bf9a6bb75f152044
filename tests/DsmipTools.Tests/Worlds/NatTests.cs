using DsmipTools.Engine.Bindings;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Hosting;
using DsmipTools.Wire.Ip;
using DsmipTools.Worlds;

namespace DsmipTools.Tests.Worlds;

/// <summary>A gateway behind a NAT: its private address, a rewritten port, and a NAT that reboots.</summary>
public sealed class NatTests
{
    private static readonly Address inside = "10.0.0.2";
    private static readonly Address outside = "203.0.113.9";
    private static readonly Address anchorAddress = "198.51.100.1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_binding_remembers_what_the_NAT_made_of_the_envelope()
    {
        await using var host = Simulate(out var anchor, out var gateway, out var nat);
        Assert.Equal(AttachmentResult.Accepted, (await gateway.AttachAsync("mn1@example.com", Cancel)).Result);
        var binding = Assert.IsType<ProxyBindingSnapshot>(Assert.Single(anchor.Bindings()));
        Assert.Equal(new Endpoint(outside, 20000), binding.Envelope.Source);
        Assert.Equal(outside, binding.Peer);
        Assert.Equal(inside, binding.CareOfAddress);
        Assert.True(binding.UsesUdpEncapsulation);
        Assert.True(gateway.Find("mn1@example.com")!.UsesUdpEncapsulation);
        Assert.Equal(1, nat.Mappings);
        Assert.Equal(RevocationResult.Acknowledged, (await Revoke(anchor)).Result);
        Assert.Equal(0, gateway.BindingCount);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("203.0.113.10")]
    public async Task After_a_reboot_of_the_NAT_the_next_update_tells_where_the_gateway_is(string? newAddress)
    {
        await using var host = Simulate(out var anchor, out var gateway, out var nat);
        await gateway.AttachAsync("mn1@example.com", Cancel);
        nat.Rebind(newAddress is null ? (Address?)null : Address.Parse(newAddress));

        // Nothing gets in before the inside has sent.
        Assert.Equal(RevocationResult.TimedOut, (await Revoke(anchor)).Result);
        Assert.Equal(1, gateway.BindingCount);
        await gateway.DetachAsync("mn1@example.com", Cancel);

        await gateway.AttachAsync("mn1@example.com", Cancel);
        nat.Rebind(newAddress is null ? (Address?)null : Address.Parse(newAddress));
        host.Simulation!.Advance(TimeSpan.FromMinutes(50));
        var binding = Assert.Single(anchor.Bindings());
        Assert.Equal(BindingState.Active, binding.State);
        Assert.Equal(nat.Outside, binding.Envelope.Source.Address);
        Assert.True(binding.Envelope.Source.Port > 20001);
        Assert.Equal(RevocationResult.Acknowledged, (await Revoke(anchor)).Result);
        Assert.Equal(0, gateway.BindingCount);
    }

    [Fact]
    public async Task Two_gateways_behind_one_address_are_told_apart()
    {
        await using var host = Simulate(out var anchor, out var first, out _);
        var second = host.Add(Gateway("mag2", "10.0.0.3"));
        await first.AttachAsync("mn1@example.com", Cancel);
        await second.AttachAsync("mn1@example.com", null, Wire.MobilityHeader.HandoffIndicator.BetweenGateways, Cancel);
        Assert.Equal("10.0.0.3", Assert.Single(anchor.Bindings()).CareOfAddress);

        // The one that the mobile node has left ends nothing any more.
        await first.DetachAsync("mn1@example.com", Cancel);
        host.Simulation!.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(BindingState.Active, Assert.Single(anchor.Bindings()).State);
    }

    [Fact]
    public async Task Without_an_authorisation_the_source_stays_the_proxy_care_of_address()
    {
        await using var host = Simulate(out var anchor, out var gateway, out _, authorized: false);
        await gateway.AttachAsync("mn1@example.com", Cancel);
        var binding = Assert.IsType<ProxyBindingSnapshot>(Assert.Single(anchor.Bindings()));
        Assert.Equal(outside, binding.CareOfAddress);
        Assert.True(binding.UsesUdpEncapsulation);
    }

    [Fact]
    public void Damage_is_not_repaired_and_strangers_do_not_get_in()
    {
        var nat = new SimulatedNat(outside, [inside]);
        byte[] packet = [.. PacketOf(inside, 5436, anchorAddress)];
        packet[^1] ^= 1;
        Assert.True(nat.Pass(packet, out _, out _));
        Assert.NotEqual(0, ChecksumOf(packet));
        packet[^1] ^= 1;
        Assert.Equal(0, ChecksumOf(packet));

        byte[] stranger = [.. PacketOf(anchorAddress, 5436, outside, 20001)];
        Assert.False(nat.Pass(stranger, out _, out _));
        byte[] answer = [.. PacketOf(anchorAddress, 5436, outside, 20000)];
        Assert.True(nat.Pass(answer, out _, out var to));
        Assert.Equal(inside, to);
        Assert.Equal(0, ChecksumOf(answer));
        nat.Rebind();
        Assert.False(nat.Pass([.. PacketOf(anchorAddress, 5436, outside, 20000)], out _, out _));
        Assert.Null(nat.Pass([.. PacketOf(anchorAddress, 5436, "192.0.2.77")], out _, out _));
    }

    [Fact]
    public async Task On_real_sockets_a_gateway_behind_a_NAT_that_reboots_is_found_again()
    {
        await using var host = new DsmipHost(World.Loopback);
        var anchor = host.Add(new LocalMobilityAnchorOptions
        {
            Name = "lma1",
            Address = "127.0.52.1",
            PrefixPool = "2001:db8:100::/40",
            CareOfAddresses = [new CareOfAddressAuthorization { CareOfAddresses = ["127.0.52.3"] }],
        });
        using var nat = new LoopbackNat(new Endpoint("127.0.52.2", 5436), "127.0.52.4", new Endpoint("127.0.52.1", 5436));
        var gateway = host.Add(new MobileAccessGatewayOptions
        {
            Name = "mag1", Address = "127.0.52.3", LocalMobilityAnchor = "127.0.52.2", DetectsNat = true, Lifetime = TimeSpan.FromSeconds(4),
        });
        Assert.Equal(AttachmentResult.Accepted, (await gateway.AttachAsync("mn1@example.com", Cancel)).Result);
        var before = Assert.Single(anchor.Bindings());
        Assert.Equal(Assert.Single(nat.Outside), before.Envelope.Source);
        Assert.Equal("127.0.52.3", before.CareOfAddress);

        nat.Rebind("127.0.52.5");
        Assert.True(await host.Runtime.WaitUntil(() => anchor.Bindings().Any(binding => binding.Peer == "127.0.52.5"), TimeSpan.FromSeconds(20), Cancel));
        Assert.Equal(RevocationResult.Acknowledged, (await Revoke(anchor)).Result);
        Assert.Equal(0, gateway.BindingCount);
    }

    private static DsmipHost Simulate(
        out HostedLocalMobilityAnchor anchor, out HostedMobileAccessGateway gateway, out SimulatedNat nat, bool authorized = true)
    {
        var host = new DsmipHost();
        nat = host.Simulation!.AddNat(outside, inside, "10.0.0.3");
        anchor = host.Add(new LocalMobilityAnchorOptions
        {
            Name = "lma1",
            Address = anchorAddress,
            PrefixPool = "2001:db8:100::/40",
            CareOfAddresses = authorized ? [new CareOfAddressAuthorization { CareOfAddresses = [inside, "10.0.0.3"] }] : [],
        });
        gateway = host.Add(Gateway("mag1", inside));
        return host;
    }

    private static MobileAccessGatewayOptions Gateway(string name, Address address) =>
        new() { Name = name, Address = address, LocalMobilityAnchor = anchorAddress, DetectsNat = true };

    private static async Task<RevocationOutcome> Revoke(HostedLocalMobilityAnchor anchor)
    {
        var outcomes = new List<RevocationOutcome>();
        await foreach (var outcome in anchor.RevokeAsync(Revocation.MobileNode("mn1@example.com"), Cancel))
        {
            outcomes.Add(outcome);
        }

        return Assert.Single(outcomes);
    }

    private static byte[] PacketOf(Address from, ushort port, Address to, ushort toPort = 5436)
    {
        var envelope = new Wire.Envelope(Wire.Transport.ProxyMobileIPv6Udp, new Endpoint(from, port), new Endpoint(to, toPort));
        var packet = new byte[64];
        return packet[..Wire.PacketFrame.Write(envelope, [59, 1, 13, 0, 0, 0, 0, 0, 0, 0, 0, 7, 1, 2, 0, 0], packet)];
    }

    /// <summary>What is left of the sum over a UDP datagram: 0 when its checksum is right.</summary>
    private static int ChecksumOf(ReadOnlySpan<byte> packet) => InternetChecksum.Finish(
        InternetChecksum.PseudoHeader(
            IPv4Header.Fields.Source.ReadAddress(packet), IPv4Header.Fields.Destination.ReadAddress(packet), 17, packet.Length - 20)
        + InternetChecksum.Sum(packet[20..]));
}
