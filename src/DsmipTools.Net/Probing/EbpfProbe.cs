namespace DsmipTools.Net.Probing;

/// <summary>What came of trying to load a program into the kernel.</summary>
/// <param name="LoadError">The error number; 0 when a traffic-control program loads.</param>
/// <param name="HasTcx">True when the kernel knows the hooks that programs of tunnels are attached to (tcx, Linux 6.6).</param>
public readonly record struct EbpfProbe(int LoadError, bool HasTcx);
