namespace DsmipTools;

/// <summary>Where agents run. The same agent runs unchanged in each of them.</summary>
public enum World
{
    /// <summary>Simulated links in virtual time; one seed reproduces a run bit for bit. Needs no privilege.</summary>
    Simulated,

    /// <summary>
    /// Real UDP sockets of this host, by default on 127.0.0.0/8, in real time. Tunnels are entries of a table. Needs no privilege for ports from 1024 up.
    /// </summary>
    Loopback,

    /// <summary>
    /// Network namespaces of this host, one for each node of a lab: real sockets, tunnels, routes and packets, which stay among themselves. Linux, as root.
    /// </summary>
    Namespace,

    /// <summary>
    /// The host's own network, against real equipment: its sockets, and tunnels, routes and rules that carry the traffic of mobile nodes. Linux, with
    /// the capabilities CAP_NET_ADMIN and CAP_NET_RAW.
    /// </summary>
    Host,
}
