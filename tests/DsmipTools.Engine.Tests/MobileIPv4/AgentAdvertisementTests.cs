using DsmipTools.Engine;
using DsmipTools.Engine.Diagnostics;
using DsmipTools.Engine.MobileIPv4;
using DsmipTools.Engine.Security;
using DsmipTools.Wire;
using DsmipTools.Wire.Icmp.AgentAdvertisement;
using DsmipTools.Wire.Icmp.IcmpV4;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Engine.Tests.MobileIPv4;

/// <summary>RFC 5944, 2.1 and 2.3: what mobility agents say of themselves, when, and how often.</summary>
public sealed class AgentAdvertisementTests
{
    private static readonly Address node = ForeignSite.Home;

    [Fact]
    [Trait("Rfc", "5944-2.1-01")]
    [Trait("Rfc", "5944-2.1-02")]
    [Trait("Rfc", "5944-2.1.1-01")]
    [Trait("Rfc", "5944-2.1.1-04")]
    [Trait("Rfc", "5944-2.1.2-01")]
    [Trait("Rfc", "5944-2.3-01")]
    [Trait("Rfc", "5944-2.3.2-01")]
    [Trait("Rfc", "5944-2.1.1-02")]
    [Trait("Rfc", "5944-2.1.1-03")]
    public void It_says_what_the_agent_offers()
    {
        using var site = new ForeignSite(options => options with
        {
            LinkAddress = "198.51.1.254",
            MaximumLifetime = TimeSpan.FromSeconds(600),
            GreEncapsulation = true,
            RegistrationRequired = true,
            Advertisements = new() { Interval = TimeSpan.FromSeconds(10), RouterAddresses = ["198.51.1.254/24", "198.51.1.253/25"] },
        });
        site.Run(0);
        var (ip, advertisement) = Read(Assert.Single(site.OnLinks));
        Assert.Equal(("198.51.1.254", "224.0.0.1", (byte)1), (ip.Source.ToString(), ip.Destination.ToString(), ip.TimeToLive));
        Assert.Equal((0, 30), (advertisement.Code, advertisement.Lifetime));
        Assert.Equal(["198.51.1.254", "198.51.1.253"], advertisement.RouterAddresses.Select(router => router.RouterAddress.ToString()));
        Assert.Equal(
            [
                new MobilityAgentAdvertisementExtension
                {
                    SequenceNumber = 0, RegistrationLifetime = 600, RegistrationRequired = true, ForeignAgent = true, GreEncapsulation = true, ReverseTunneling = true,
                    CareOfAddresses = ["198.51.1.1"],
                },
                new PrefixLengthsExtension { PrefixLengths = new byte[] { 24, 25 } },
            ],
            advertisement.Extensions);
    }

    [Fact]
    [Trait("Rfc", "5944-2.1-05")]
    [Trait("Rfc", "5944-2.1-06")]
    [Trait("Rfc", "5944-2.3-06")]
    [Trait("Rfc", "5944-3.7-01")]
    public void Nobody_asks_and_it_says_so_from_time_to_time()
    {
        using var site = new ForeignSite(options => options with { Advertisements = new() { Interval = TimeSpan.FromSeconds(100) } });
        var times = Times(site, 1000);
        // RFC 1256: three soon, then between three quarters of the interval and all of it.
        Assert.Equal([16, 16], times.Skip(1).Take(2).Select((time, at) => (int)Math.Round(time - times[at])));
        var gaps = times.Skip(3).Select((time, at) => time - times[at + 2]).ToList();
        Assert.All(gaps, gap => Assert.InRange(gap, 75, 100));
        Assert.True(gaps.Distinct().Count() > 5);
    }

    [Fact]
    [Trait("Rfc", "5944-2.3.2-02")]
    public void Its_numbers_rise_and_go_on_with_256()
    {
        using var site = new ForeignSite(options => options with { Advertisements = new() { Interval = TimeSpan.FromSeconds(1) } });
        Times(site, 66_500);
        var numbers = site.OnLinks.Select(sent => Said(sent).SequenceNumber).ToList();
        Assert.Equal(Enumerable.Range(0, 65_536).Concat(Enumerable.Range(256, numbers.Count - 65_536)), numbers.Select(number => (int)number));
    }

    [Fact]
    [Trait("Rfc", "5944-2.1-03")]
    [Trait("Rfc", "5944-2.3-03")]
    [Trait("Rfc", "5944-2.3-04")]
    [Trait("Rfc", "5944-2.3-05")]
    [Trait("Rfc", "5944-2.3-09")]
    [Trait("Rfc", "5944-2.1-07")]
    public void Who_asks_is_answered_at_its_home_address()
    {
        using var site = new ForeignSite(options => options with { Advertisements = new() { OnlyWhenSolicited = true } });
        foreach (var destination in (Address[])["224.0.0.2", "224.0.0.11", "255.255.255.255", ForeignSite.CareOf])
        {
            site.OnLinks.Clear();
            site.Receive(ForeignSite.Link, Solicitation(node, destination));
            Assert.Empty(site.OnLinks);
            site.Run(0.5);
            Assert.Equal(node, Read(Assert.Single(site.OnLinks)).Header.Destination);
        }

        site.OnLinks.Clear();
        site.Receive(ForeignSite.Link, Solicitation(node, "198.51.1.99"));
        site.Receive(ForeignSite.Link, Solicitation(node, "224.0.0.2", timeToLive: 2));
        site.Receive(99, Solicitation(node, "224.0.0.2"));
        site.Run(1000);
        Assert.Empty(site.OnLinks);
        Assert.Equal(4, site.Agent.Counters[MessageKind.AgentSolicitation, Direction.Received]);
    }

    [Fact]
    [Trait("Rfc", "5944-2.3-02")]
    public void Many_who_ask_get_one_answer_for_all()
    {
        using var site = new ForeignSite(options => options with { Advertisements = new() { OnlyWhenSolicited = true } });
        for (uint time = 0; time < 100; time++)
        {
            for (uint number = 0; number < 100; number++)
            {
                site.Receive(ForeignSite.Link, Solicitation(Address.FromIPv4(0x0A010100 + number), "224.0.0.2"));
            }

            site.Run(0.1);
        }

        Assert.All(site.OnLinks, sent => Assert.Equal("224.0.0.1", Read(sent).Header.Destination.ToString()));
        Assert.InRange(site.OnLinks.Count, 8, 11);
    }

    [Fact]
    public void Who_has_no_address_is_answered_for_all()
    {
        using var site = new ForeignSite(options => options with { Advertisements = new() { OnlyWhenSolicited = true } });
        site.Receive(ForeignSite.Link, Solicitation("0.0.0.0", "224.0.0.2"));
        site.Run(0.5);
        Assert.Equal("224.0.0.1", Read(Assert.Single(site.OnLinks)).Header.Destination.ToString());
    }

    [Fact]
    [Trait("Rfc", "5944-2.1.1-06")]
    [Trait("Rfc", "5944-2.1.1-07")]
    public void A_busy_agent_goes_on_advertising_itself_and_says_that_it_is_busy()
    {
        using var site = new ForeignSite(options => options with { MaximumVisitors = 1, Advertisements = new() { Interval = TimeSpan.FromSeconds(10) } });
        site.Run(0);
        Assert.False(Said(site.OnLinks[^1]).Busy);
        site.Register();
        site.Run(10);
        Assert.True(Said(site.OnLinks[^1]).Busy);
        site.Run(300);
        Assert.False(Said(site.OnLinks[^1]).Busy);
    }

    [Fact]
    [Trait("Rfc", "5944-2.1.1-08")]
    [Trait("Rfc", "5944-2.3-07")]
    public void A_home_agent_says_so_on_the_home_link()
    {
        using var agent = new HomeAgent(
            Network.DefaultOptions with { Advertisements = new() { Interval = TimeSpan.FromSeconds(10), RouterAddresses = ["10.1.1.1/24"] } },
            new SecurityAssociations(), new SeededRandom(1));
        agent.LinkUp(1, default);
        agent.Expire(default);
        Assert.True(agent.Outbox.TryTake(out var effect));
        var said = Said((effect.Link, agent.Outbox.MessageOf(effect).ToArray()));
        Assert.Equal((true, false, false, false), (said.HomeAgent, said.ForeignAgent, said.Busy, said.RegistrationRequired));
        agent.LinkDown(1, default);
        Assert.Null(agent.NextDeadline);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Refuse(options => options with { Advertisements = new() { Interval = TimeSpan.FromMilliseconds(999) } }, "Interval");
        Refuse(options => options with { Advertisements = new() { Interval = TimeSpan.FromSeconds(10), Lifetime = TimeSpan.FromSeconds(9) } }, "Lifetime");
        Refuse(options => options with { Advertisements = new() { MaximumResponseDelay = TimeSpan.FromSeconds(3) } }, "MaximumResponseDelay");
        Refuse(options => options with { Advertisements = new() { RouterAddresses = ["224.0.0.1/4"] } }, "RouterAddresses");
        Refuse(options => options with { LinkAddress = "fe80::1" }, "LinkAddress");
        Refuse(options => options with { Port = 0 }, "Port");
        Refuse(options => options with { MaximumVisitors = -1 }, "MaximumVisitors");
        Refuse(options => options with { MaximumPendingRegistrations = 0 }, "MaximumPendingRegistrations");
        Refuse(options => options with { RequiresReverseTunneling = true, ReverseTunneling = false }, "RequiresReverseTunneling");

        static void Refuse(Func<ForeignAgentOptions, ForeignAgentOptions> change, string word) =>
            Assert.Contains(word, Assert.Throws<ArgumentException>(() => new ForeignSite(change)).Message, StringComparison.Ordinal);
    }

    private static List<double> Times(ForeignSite site, int seconds)
    {
        List<double> times = [];
        while (site.Agent.NextDeadline is { } next && next < TimeSpan.FromSeconds(seconds))
        {
            var before = site.OnLinks.Count;
            site.Run(Math.Max(0, (next - site.Now.Elapsed).TotalSeconds) + 1e-7);
            times.AddRange(Enumerable.Repeat(site.Now.Elapsed.TotalSeconds, site.OnLinks.Count - before));
        }

        return times;
    }

    private static Octets Solicitation(Address source, Address destination, byte timeToLive = 1) =>
        PacketComposer.Compose(new IPv4Header { Source = source, Destination = destination, TimeToLive = timeToLive }, new IcmpV4RouterSolicitation());

    private static (IPv4Header Header, IcmpV4RouterAdvertisement Advertisement) Read((uint Link, byte[] Packet) sent)
    {
        Assert.True(IpPacketView.TryParse(sent.Packet, out var view, out _));
        Assert.True(IcmpV4Message.VerifyChecksum(view.Payload));
        return (
            new IPv4Header { Source = view.Source, Destination = view.Destination, TimeToLive = view.HopLimit },
            Assert.IsType<IcmpV4RouterAdvertisement>(IcmpV4Message.From(view.Payload, out _)));
    }

    private static MobilityAgentAdvertisementExtension Said((uint Link, byte[] Packet) sent) =>
        Read(sent).Advertisement.Extensions.OfType<MobilityAgentAdvertisementExtension>().Single();
}
