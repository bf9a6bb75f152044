using System.Globalization;

namespace DsmipTools.Net.Probing;

/// <summary>The capabilities of the calling thread, as /proc shows them.</summary>
public sealed class ProcessCapabilities
{
    private readonly ulong effective;
    private readonly ulong bounding;

    private ProcessCapabilities(ulong effective, ulong bounding, bool isInUserNamespace)
    {
        this.effective = effective;
        this.bounding = bounding;
        IsInUserNamespace = isInUserNamespace;
    }

    /// <summary>True in a user namespace: there a capability counts for what that namespace owns, and not for the rest of the host.</summary>
    public bool IsInUserNamespace { get; }

    /// <summary>Reads those of the calling thread. Linux.</summary>
    public static ProcessCapabilities Read() =>
        Parse(File.ReadLines("/proc/thread-self/status"), File.Exists("/proc/self/uid_map") ? File.ReadAllText("/proc/self/uid_map") : null);

    /// <summary>True when the process has the capability.</summary>
    public bool Has(LinuxCapability capability) => (effective & Bit(capability)) != 0;

    /// <summary>True when a program that this process starts could get the capability from its file.</summary>
    public bool CanBeGiven(LinuxCapability capability) => (bounding & Bit(capability)) != 0;

    /// <summary>Reads the lines of /proc/PID/status and the text of /proc/PID/uid_map.</summary>
    internal static ProcessCapabilities Parse(IEnumerable<string> status, string? userMap)
    {
        ulong effective = 0, bounding = 0;
        foreach (var line in status)
        {
            if (line.StartsWith("CapEff:", StringComparison.Ordinal))
            {
                effective = Mask(line);
            }
            else if (line.StartsWith("CapBnd:", StringComparison.Ordinal))
            {
                bounding = Mask(line);
            }
        }

        // The first user namespace maps all users to themselves.
        var isFirst = userMap is null || userMap.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["0", "0", "4294967295"];
        return new ProcessCapabilities(effective, bounding, !isFirst);
    }

    private static ulong Bit(LinuxCapability capability) => 1UL << (int)capability;

    private static ulong Mask(string line) => ulong.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
