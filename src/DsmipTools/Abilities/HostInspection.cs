using System.Runtime.InteropServices;
using DsmipTools.Net.Probing;

namespace DsmipTools.Abilities;

/// <summary>What several tests need to know, found out once.</summary>
internal sealed class HostInspection
{
    private readonly Lazy<ProcessCapabilities> capabilities = new(ProcessCapabilities.Read);
    private readonly Lazy<KernelInventory> kernel = new(KernelInventory.Read);

    public ProcessCapabilities Capabilities => capabilities.Value;

    public KernelInventory Kernel => kernel.Value;

    /// <summary>CAP_NET_ADMIN for NetAdmin.</summary>
    public static string NameOf(LinuxCapability capability) => capability switch
    {
        LinuxCapability.NetBindService => "CAP_NET_BIND_SERVICE",
        LinuxCapability.NetAdmin => "CAP_NET_ADMIN",
        LinuxCapability.NetRaw => "CAP_NET_RAW",
        LinuxCapability.SysAdmin => "CAP_SYS_ADMIN",
        LinuxCapability.Bpf => "CAP_BPF",
        _ => throw new ArgumentOutOfRangeException(nameof(capability)),
    };

    /// <summary>"Operation not permitted (errno 1)".</summary>
    public static string TextOf(int errno) => $"{Marshal.GetPInvokeErrorMessage(errno)} (errno {errno})";

    /// <summary>How a process like this one gets a capability for the network that it is in.</summary>
    public string FixFor(LinuxCapability capability)
    {
        var name = NameOf(capability);
        if (Capabilities.IsInUserNamespace)
        {
            // It has all that it started with, but not for what belongs to the host.
            return "sudo pwsh outside of this user namespace, or with a network of its own: unshare -Urnm pwsh";
        }

        if (!Capabilities.CanBeGiven(capability))
        {
            var plain = name["CAP_".Length..];
            return $"docker run --cap-add={plain}, CapabilityBoundingSet={name} of systemd, or whatever else took it from the bounding set of this process";
        }

        // setcap takes away what it does not name.
        var lower = name.ToLowerInvariant();
        return $"sudo pwsh, or setcap {lower}=+ep {Environment.ProcessPath} (one setcap names all that are wanted: {lower},cap_...=+ep)";
    }
}
