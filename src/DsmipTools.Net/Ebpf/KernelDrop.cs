namespace DsmipTools.Net.Ebpf;

/// <summary>Why programs in the kernel drop a packet. What else is wrong with one they leave to user space, which counts it.</summary>
public enum KernelDrop
{
    /// <summary>Its source is no unicast address or a link-local or loopback one, or its destination does not leave a link.</summary>
    LinkScope,

    /// <summary>Its source is not behind the tunnel that it came out of, or is behind one and did not come out of it.</summary>
    ForeignSource,

    /// <summary>Its GRE key is not the one of its source.</summary>
    WrongKey,

    /// <summary>It came out of the tunnel for an address that no mobile node here has.</summary>
    NotAttached,

    /// <summary>It goes to the far end of the tunnel that it is routed into.</summary>
    TunnelLoop,

    /// <summary>It met congestion in the tunnel, and cannot say so.</summary>
    Congestion,
}
