using DsmipTools.Net.RawPackets;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests.RawPackets;

public sealed class RawPacketTransportTests
{
    [Fact]
    public async Task Without_the_privilege_the_capability_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        if (Environment.IsPrivilegedProcess)
        {
            await Unprivileged.Run(typeof(RawPacketTransportTests), nameof(Without_the_privilege_the_capability_is_named));
            return;
        }

        Func<RawPacketTransport>[] opened =
        [
            () => RawPacketTransport.OpenIP(isIPv4: true), () => RawPacketTransport.OpenIP(isIPv4: false), () => RawPacketTransport.OpenEthernet("lo"),
        ];
        foreach (var open in opened)
        {
            var exception = Assert.Throws<NetException>(() => open().Dispose());
            Assert.Equal(NetError.AccessDenied, exception.Error);
            Assert.Contains("Sending packets with all their headers needs the capability CAP_NET_RAW", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_the_kernel_would_correct_in_an_IPv4_header_is_known()
    {
        var right = Octets(new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", Identification = 7 });
        Assert.False(RawPacketTransport.IsCorrectedByKernel(right));
        Assert.True(RawPacketTransport.IsCorrectedByKernel([.. right, 0]));
        Assert.All(
            new[]
            {
                new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", HeaderChecksum = 0xBEEF },
                new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", TotalLength = 21 },
                new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", HeaderLength = 4 },
                new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", HeaderLength = 15 },
                new IPv4Header { Source = "192.0.2.1", Destination = "192.0.2.2", Version = 5 },
                new IPv4Header { Destination = "192.0.2.2" },
            },
            header => Assert.True(RawPacketTransport.IsCorrectedByKernel(Octets(header))));
    }

    private static byte[] Octets(IPv4Header header) => Wire.PacketComposer.Compose(header).ToArray();
}
