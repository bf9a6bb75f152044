using DsmipTools.Net.Probing;

namespace DsmipTools.Net.Tests.Probing;

/// <summary>What is concluded from the files that tell of the kernel's parts.</summary>
public sealed class KernelInventoryTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("dsmip-kernel-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Parts_are_built_in_loaded_loadable_or_missing()
    {
        Write("kallsyms", "ffffffff81daec40 t tun_chr_open", "0000000000000000 t esp_input.cold", "0000000000000000 t ipip_tunnel_init\t[ipip]", "0 T mip6_destopt_input_not");
        Write("modules.builtin", "kernel/net/ipv6/sit.ko");
        Write("modules.dep", "kernel/net/ipv6/ip6_tunnel.ko.xz: kernel/net/ipv6/tunnel6.ko.xz", "kernel/net/xfrm/xfrm-user.ko:");
        var kernel = Inventory(loadsModules: true);

        Assert.Equal(KernelPartState.Present, kernel.StateOf(KernelPart.Tun));
        Assert.Equal(KernelPartState.Present, kernel.StateOf(KernelPart.Esp4));
        Assert.Equal(KernelPartState.Present, kernel.StateOf(KernelPart.Ipip));
        Assert.Equal(KernelPartState.Present, kernel.StateOf(KernelPart.Sit));
        Assert.Equal(KernelPartState.Loadable, kernel.StateOf(KernelPart.Ip6Tunnel));
        Assert.Equal(KernelPartState.Loadable, kernel.StateOf(KernelPart.XfrmUser));
        Assert.Equal(KernelPartState.Missing, kernel.StateOf(KernelPart.Mip6));
        Assert.Equal(KernelPartState.Missing, kernel.StateOf(KernelPart.Esp6));
    }

    [Fact]
    public void A_kernel_that_loads_no_modules_has_only_what_it_has()
    {
        Write("kallsyms", "0 t tun_chr_open");
        Write("modules.dep", "kernel/net/ipv6/ip6_tunnel.ko:");
        var kernel = Inventory(loadsModules: false);

        Assert.Equal(KernelPartState.Present, kernel.StateOf(KernelPart.Tun));
        Assert.Equal(KernelPartState.Missing, kernel.StateOf(KernelPart.Ip6Tunnel));
    }

    [Fact]
    public void In_a_container_that_does_not_see_the_modules_nothing_is_called_missing()
    {
        Write("kallsyms", "0 t tun_chr_open");
        Assert.Equal(KernelPartState.Present, Inventory(loadsModules: true).StateOf(KernelPart.Tun));
        Assert.Equal(KernelPartState.Unknown, Inventory(loadsModules: true).StateOf(KernelPart.Sit));

        File.Delete(Path.Combine(folder.FullName, "kallsyms"));
        Assert.Equal(KernelPartState.Unknown, Inventory(loadsModules: false).StateOf(KernelPart.Tun));
    }

    [Fact]
    public void The_running_kernel_can_be_read()
    {
        Assert.SkipUnless(File.Exists("/proc/kallsyms"), "there is no /proc/kallsyms here");
        Assert.SkipUnless(File.Exists("/proc/thread-self/net/packet"), "this kernel has no packet sockets");
        Assert.Equal(KernelPartState.Present, KernelInventory.Read().StateOf(KernelPart.Packet));
    }

    private KernelInventory Inventory(bool loadsModules) => new(Path.Combine(folder.FullName, "kallsyms"), folder.FullName, loadsModules);

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(folder.FullName, name), lines);
}
