using System.Net;
using System.Net.Sockets;
using DsmipTools.Net.Netfilter;
using DsmipTools.Net.Netlink;
using DsmipTools.Net.Tests.Support;

namespace DsmipTools.Net.Tests.Netfilter;

public sealed class SourceFilterTests
{
    [Theory]
    [InlineData("127.0.0.9", "127.0.8.1", "127.0.7.255", "127.0.16.0")]
    [InlineData("2001:db8:1::9", "2001:db8:0:8::1", "2001:db8:0:7:ffff::1", "2001:db8:0:10::1")]
    public void Only_the_sources_behind_an_interface_come_in_by_it(string receiver, string behind, string below, string above) => NetworkNamespace.Run(() =>
    {
        foreach (var address in (string[])[receiver, behind, below, above])
        {
            NetworkNamespace.AddAddress(address);
        }

        using var network = new HostNetwork();
        var loopback = network.Interfaces().Single(each => each.Name == "lo").Index;
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Parse(receiver), 0)) { Client = { ReceiveTimeout = 20_000 } };
        var to = (IPEndPoint)socket.Client.LocalEndPoint!;
        using (var filter = new SourceFilter(loopback, [("127.0.8.0", 21), ("2001:db8:0:8::", 61)]))
        {
            Send(below, to);
            Send(above, to);
            Send(behind, to);
            Assert.Equal(behind, From(socket));
            Assert.Equal(2, filter.Dropped.Packets);
        }

        Send(below, to);
        Assert.Equal(below, From(socket));
    });

    private static void Send(string from, IPEndPoint to)
    {
        using var sender = new UdpClient(new IPEndPoint(IPAddress.Parse(from), 0));
        sender.Send([1], 1, to);
    }

    private static string From(UdpClient socket)
    {
        var from = new IPEndPoint(IPAddress.Any, 0);
        socket.Receive(ref from);
        return from.Address.ToString();
    }
}
