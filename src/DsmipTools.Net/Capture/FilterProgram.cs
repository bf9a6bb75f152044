using System.Text.RegularExpressions;
using DsmipTools.Wire.Capture;

namespace DsmipTools.Net.Capture;

/// <summary>Compiles filters.</summary>
internal static partial class FilterProgram
{
    /// <summary>
    /// True for a filter that asks what only an open device of libpcap can answer: the kernel takes VLAN tags out of frames, and the
    /// direction and the interface do not stand in them.
    /// </summary>
    public static bool NeedsDevice(string? filter) => filter is not null && DeviceWords().IsMatch(filter);

    /// <summary>Compiles a filter for a packet socket; without one the program keeps the beginning of every frame.</summary>
    public static FilterInstruction[] Compile(string? filter, LinkType linkType, int snapLength)
    {
        switch (filter)
        {
            case null or "":
                var all = new FilterAssembler();
                all.Return(snapLength);
                return all.Assemble();
            case CaptureOptions.MobileIpFilterName:
                return MobileIpFilter.Program(linkType, snapLength);
            default:
                return NeedsDevice(filter)
                    ? throw new NetException(
                        NetError.FilterNotUnderstood, 0, $"The filter '{filter}' asks what a packet socket does not show a filter. Capture with libpcap.")
                    : PcapLibrary.Compile(filter, linkType, snapLength);
        }
    }

    [GeneratedRegex(@"\b(vlan|inbound|outbound|ifindex)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DeviceWords();
}
