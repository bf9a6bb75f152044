namespace DsmipTools.Net.Probing;

/// <summary>What came of trying to have a TUN interface.</summary>
/// <param name="OpenError">The error number of opening /dev/net/tun; 0 when it opens.</param>
/// <param name="InterfaceError">The error number of making an interface in the network of this process; 0 when it is allowed.</param>
/// <param name="WasMade">True when one was really made, in a network of its own that is gone again.</param>
public readonly record struct TunProbe(int OpenError, int InterfaceError, bool WasMade);
