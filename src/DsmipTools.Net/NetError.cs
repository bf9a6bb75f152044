namespace DsmipTools.Net;

/// <summary>What the operating system refused.</summary>
public enum NetError
{
    /// <summary>Something else; the errno tells.</summary>
    Other,

    /// <summary>Another socket has this address and port.</summary>
    AddressInUse,

    /// <summary>A privilege is missing.</summary>
    AccessDenied,

    /// <summary>No interface of this host has the address.</summary>
    AddressNotAvailable,

    /// <summary>There is no route to the network.</summary>
    NetworkUnreachable,

    /// <summary>The host does not answer, or there is no route to it.</summary>
    HostUnreachable,

    /// <summary>Nobody listens at the port of the peer: it answered with ICMP port unreachable.</summary>
    ConnectionRefused,

    /// <summary>The message is longer than the path or a buffer takes.</summary>
    MessageTooLong,

    /// <summary>The host does not have this protocol or address family.</summary>
    NotSupported,

    /// <summary>No buffers or descriptors are left.</summary>
    NoResources,

    /// <summary>The host has no interface of this name, or it is down.</summary>
    InterfaceNotFound,

    /// <summary>A library that does this is not installed.</summary>
    LibraryMissing,

    /// <summary>The host has such an address, route or interface already.</summary>
    AlreadyExists,

    /// <summary>A capture filter is not in the language of filters.</summary>
    FilterNotUnderstood,
}
