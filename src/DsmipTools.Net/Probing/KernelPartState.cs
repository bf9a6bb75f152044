namespace DsmipTools.Net.Probing;

/// <summary>Whether the kernel has a part.</summary>
public enum KernelPartState
{
    /// <summary>The kernel does not have it now; whether there is a module cannot be read here, as in a container without /lib/modules.</summary>
    Unknown,

    /// <summary>The kernel has it neither now nor as a module.</summary>
    Missing,

    /// <summary>A module that is not loaded has it; the kernel loads it when it is first needed.</summary>
    Loadable,

    /// <summary>Built in, or a module that is loaded.</summary>
    Present,
}
