using DsmipTools.Net.Probing;

namespace DsmipTools.Net.Tests.Probing;

/// <summary>Capabilities as /proc/PID/status has them.</summary>
public sealed class ProcessCapabilitiesTests
{
    private const string FirstNamespace = "         0          0 4294967295\n";

    [Fact]
    public void Bits_are_capabilities()
    {
        var read = ProcessCapabilities.Parse(["Name:\tdotnet", "CapPrm:\tffffffffffffffff", "CapEff:\t0000008000003000", "CapBnd:\t0000000000202000"], FirstNamespace);

        Assert.Equal(
            [LinuxCapability.NetAdmin, LinuxCapability.NetRaw, LinuxCapability.Bpf],
            Enum.GetValues<LinuxCapability>().Where(read.Has));
        Assert.Equal([LinuxCapability.NetRaw, LinuxCapability.SysAdmin], Enum.GetValues<LinuxCapability>().Where(read.CanBeGiven));
    }

    [Theory]
    [InlineData(FirstNamespace, false)]
    [InlineData(null, false)]
    [InlineData("         0          0          1\n", true)]
    [InlineData("         0     100000      65536\n      1000       1000          1\n", true)]
    public void A_user_namespace_maps_users(string? map, bool isInOne) =>
        Assert.Equal(isInOne, ProcessCapabilities.Parse([], map).IsInUserNamespace);
}
