using System.Globalization;
using System.Net.Sockets;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net;

/// <summary>The operating system refused something. The message says what would help.</summary>
public sealed class NetException : IOException
{
    private const int FirstUnprivilegedPort = 1024;

    /// <summary>Makes the exception without a reason.</summary>
    public NetException()
        : this("The operating system refused a network operation.")
    {
    }

    /// <summary>Makes the exception with a message.</summary>
    public NetException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with a message and its cause.</summary>
    public NetException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception.</summary>
    /// <param name="error">What was refused.</param>
    /// <param name="errno">The error number of the operating system; 0 where there is none.</param>
    /// <param name="endpoint">The address and port concerned.</param>
    /// <param name="message">What was refused, and what would help.</param>
    /// <param name="innerException">The cause.</param>
    public NetException(NetError error, int errno, Endpoint endpoint, string message, Exception? innerException = null)
        : base(errno == 0 ? message : string.Create(CultureInfo.InvariantCulture, $"{message} (errno {errno})"), innerException)
    {
        Error = error;
        Errno = errno;
        Endpoint = endpoint;
    }

    /// <summary>Makes the exception of something that has no address.</summary>
    /// <param name="error">What was refused.</param>
    /// <param name="errno">The error number of the operating system; 0 where there is none.</param>
    /// <param name="message">What was refused, and what would help.</param>
    /// <param name="innerException">The cause.</param>
    public NetException(NetError error, int errno, string message, Exception? innerException = null)
        : this(error, errno, default, message, innerException)
    {
    }

    /// <summary>What was refused.</summary>
    public NetError Error { get; }

    /// <summary>The error number of the operating system; 0 where there is none.</summary>
    public int Errno { get; }

    /// <summary>The address and port concerned.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>An address and port that somebody else has.</summary>
    public static NetException AddressInUse(Endpoint endpoint, int errno = 0, Exception? innerException = null) => new(
        NetError.AddressInUse,
        errno,
        endpoint,
        $"{endpoint} is in use. Stop what uses it" + (OperatingSystem.IsLinux() ? $" ('ss -ulnp sport = :{endpoint.Port}' names it)" : "")
            + ", or choose another address or port.",
        innerException);

    /// <summary>A privilege that the process does not have.</summary>
    /// <param name="what">What needs it, at the start of a sentence.</param>
    /// <param name="capability">The capability of Linux.</param>
    /// <param name="errno">The error number.</param>
    internal static NetException NeedsCapability(string what, string capability, int errno) => new(
        NetError.AccessDenied,
        errno,
        $"{what} needs " + (OperatingSystem.IsLinux()
            ? $"the capability {capability}: run the process as root, give it the capability with 'setpriv' or 'AmbientCapabilities={capability}' of systemd, "
                + $"or its executable with 'setcap {capability.ToLowerInvariant()}=+ep'."
            : "the rights of an administrator."));

    internal static NetException FromBind(Endpoint endpoint, SocketException exception)
    {
        var error = ErrorOf(exception.SocketErrorCode);
        var errno = exception.NativeErrorCode;
        return error switch
        {
            NetError.AddressInUse => AddressInUse(endpoint, errno, exception),
            NetError.AccessDenied => new NetException(error, errno, endpoint, PortNeedsPrivilege(endpoint), exception),
            NetError.AddressNotAvailable => new NetException(
                error,
                errno,
                endpoint,
                $"No interface of this host has the address {endpoint.Address}. Choose an address of this host, or one of 127.0.0.0/8"
                    + (OperatingSystem.IsLinux() ? "." : "; on this system each but 127.0.0.1 has to be added to the loopback interface first."),
                exception),
            _ => new NetException(error, errno, endpoint, $"No UDP socket can be had at {endpoint}: {exception.Message}.", exception),
        };
    }

    internal static NetError ErrorOf(SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse => NetError.AddressInUse,
        SocketError.AccessDenied => NetError.AccessDenied,
        SocketError.AddressNotAvailable => NetError.AddressNotAvailable,
        SocketError.NetworkUnreachable or SocketError.NetworkDown => NetError.NetworkUnreachable,
        SocketError.HostUnreachable or SocketError.HostDown => NetError.HostUnreachable,
        SocketError.ConnectionRefused or SocketError.ConnectionReset => NetError.ConnectionRefused,
        SocketError.MessageSize => NetError.MessageTooLong,
        SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported or SocketError.ProtocolNotSupported
            or SocketError.OperationNotSupported or SocketError.ProtocolOption => NetError.NotSupported,
        SocketError.NoBufferSpaceAvailable or SocketError.TooManyOpenSockets => NetError.NoResources,
        _ => NetError.Other,
    };

    private static string PortNeedsPrivilege(Endpoint endpoint)
    {
        var first = FirstUnprivilegedPort;
        if (OperatingSystem.IsLinux())
        {
            try
            {
                first = int.Parse(File.ReadAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start"), NumberStyles.Integer, CultureInfo.InvariantCulture);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
            {
                // The usual value is named.
            }
        }

        if (endpoint.Port >= first)
        {
            return $"The operating system does not allow a UDP socket at {endpoint}. A security policy (SELinux, AppArmor, seccomp) may forbid it.";
        }

        return $"Port {endpoint.Port} at {endpoint.Address} needs a privilege: it is below {first}. Choose a port from {first} up (-Port)"
            + (OperatingSystem.IsLinux()
                ? $", or give the process the capability CAP_NET_BIND_SERVICE (run it as root, with 'setpriv' or 'AmbientCapabilities=' of systemd, "
                    + $"or 'setcap cap_net_bind_service=+ep' on its executable), or lower the limit with 'sysctl net.ipv4.ip_unprivileged_port_start={endpoint.Port}'."
                : ", or run with the rights of an administrator.");
    }
}
