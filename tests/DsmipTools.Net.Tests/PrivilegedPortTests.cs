using DsmipTools.Net.Tests.Support;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Tests;

/// <summary>A port that needs a privilege, asked for by a process that has none.</summary>
public sealed class PrivilegedPortTests
{
    [Fact]
    public async Task A_privileged_port_names_the_capability_and_the_alternatives()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "capabilities are those of Linux");
        var first = int.Parse(
            await File.ReadAllTextAsync("/proc/sys/net/ipv4/ip_unprivileged_port_start", TestContext.Current.CancellationToken),
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.SkipUnless(first > 434, $"port 434 needs no privilege here: ip_unprivileged_port_start is {first}");
        if (Environment.IsPrivilegedProcess)
        {
            await Unprivileged.Run(typeof(PrivilegedPortTests), nameof(A_privileged_port_names_the_capability_and_the_alternatives));
            return;
        }

        var exception = Assert.Throws<NetException>(() => UdpTransport.Open(new Endpoint("127.0.0.2", 434)));
        Assert.Equal(NetError.AccessDenied, exception.Error);
        Assert.Equal(13, exception.Errno);
        Assert.Contains("CAP_NET_BIND_SERVICE", exception.Message, StringComparison.Ordinal);
        Assert.Contains($"from {first} up (-Port)", exception.Message, StringComparison.Ordinal);
        Assert.Contains("ip_unprivileged_port_start=434", exception.Message, StringComparison.Ordinal);
    }
}
