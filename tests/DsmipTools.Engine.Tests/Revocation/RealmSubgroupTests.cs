using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Engine.Revocation;
using DsmipTools.Engine.Tests.Simulation;
using DsmipTools.Wire;
using DsmipTools.Wire.Ip;
using DsmipTools.Wire.MobilityHeader;
using DsmipTools.Wire.MobilityHeader.Options;
using static DsmipTools.Engine.Tests.Simulation.Domain;

namespace DsmipTools.Engine.Tests.Revocation;

/// <summary>Mobile nodes of a realm that share a proxy care-of address (RFC 5846, 8.1).</summary>
public sealed class RealmSubgroupTests
{
    [Fact]
    [Trait("Rfc", "5846-8.1-06")]
    [Trait("Rfc", "5846-5.1-10")]
    public void Only_those_at_the_proxy_care_of_address_go()
    {
        var network = new Network(4);
        var anchor = network.Add(Anchor(AnchorOptions(Transport.IPv6)));
        MobileAccessGateway[] gateways = [.. Enumerable.Range(1, 2).Select(number => network.Add(Gateway(GatewayOptions(number, Transport.IPv6))))];
        foreach (var (number, gateway) in gateways.Index())
        {
            network.Do(gateway, now => gateway.Attach($"a{number}@example.com", null, HandoffIndicator.NewInterface, now));
            network.Do(gateway, now => gateway.Attach($"b{number}@example.org", null, HandoffIndicator.NewInterface, now));
        }

        network.Run(TimeSpan.FromSeconds(1));
        var shared = gateways[0].LocalEndpoint.Address;
        var request = RevocationRequest.Realm("example.com", shared);
        Assert.Equal([new RevocationPreview("lma1", shared, 1)], anchor.Preview(request));
        network.Do(anchor, now => anchor.Revoke(request, now));
        var indication = network.Sent[^1];
        Assert.Equal((true, RevocationTrigger.RevokingMobilityNodeLocalPolicy), (indication.Indication.Global, indication.Indication.Trigger));
        Assert.Equal("@example.com", indication.Option<MobileNodeIdentifierOption>().Text);
        Assert.Equal(shared, indication.Option<AlternateCareOfAddressOption>().AlternateCareOfAddress);
        Assert.Equal(2, indication.Options.Count);

        network.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(["a1@example.com", "b0@example.org", "b1@example.org"], anchor.Bindings(network.Now).Select(binding => binding.Identifier).Order());
        Assert.Equal(["b0@example.org"], gateways[0].Bindings(network.Now).Select(binding => binding.Identifier));
        Assert.Equal(2, gateways[1].BindingCount);
        Assert.Equal($"realm example.com at {shared}", request.ToString());
    }

    [Fact]
    [Trait("Rfc", "5846-8.1-06")]
    public void Where_nobody_is_nothing_is_sent()
    {
        var anchor = Anchor(AnchorOptions(Transport.IPv6));
        var probe = new Probe(anchor);
        probe.Deliver(Update(probe), FromGateway(1, Transport.IPv6));
        var command = probe.Do(now => anchor.Revoke(RevocationRequest.Realm("example.com", GatewayAddress(Transport.IPv6, 2)), now));
        Assert.Equal([new RevocationFinished(0, 0)], probe.Outcomes(command));
        Assert.Equal(1, anchor.BindingCount);
    }

    [Theory]
    [InlineData("203.0.113.1")]
    [InlineData("ff02::1")]
    [InlineData("::")]
    [Trait("Rfc", "5846-8.1-06")]
    public void A_proxy_care_of_address_that_the_option_cannot_hold_is_a_clear_error(string address)
    {
        var error = Assert.Throws<ArgumentException>(() => RevocationRequest.Realm("example.com", address));
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
        Assert.Contains("IPv6", error.Message, StringComparison.Ordinal);
    }
}
