using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Netfilter;

/// <summary>
/// Drops what comes in by an interface from other sources than those behind it (RFC 2827): the kernel's tunnels look at outer addresses alone. It is
/// gone with the process.
/// </summary>
public sealed class SourceFilter : IDisposable
{
    private const uint SourceInIPv4 = 12;
    private const uint SourceInIPv6 = 8;

    private readonly FilterTable table;

    /// <summary>Puts the filter in place.</summary>
    /// <param name="interfaceIndex">The interface.</param>
    /// <param name="sources">The prefixes behind it, each as its first address and its length in bits.</param>
    /// <exception cref="NetException">The privilege is missing, or the kernel has no such filters.</exception>
    public SourceFilter(int interfaceIndex, IEnumerable<(Address Address, int Length)> sources) => table = new FilterTable(
        FilterHook.Internet,
        FilterHook.Arriving,
        [
            .. sources.Select(source => ComesFrom(interfaceIndex, source.Address, source.Length).ThenAccept()),
            new FilterRule().CameBy(interfaceIndex).ThenDrop(),
        ],
        "Letting only the sources behind a tunnel out of it");

    /// <summary>How many packets were dropped, and their octets.</summary>
    public (long Packets, long Octets) Dropped => table.Counted;

    /// <summary>Takes the filter away.</summary>
    public void Dispose() => table.Dispose();

    private static FilterRule ComesFrom(int interfaceIndex, Address address, int length)
    {
        var value = new byte[address.Length];
        address.Write(value);
        var mask = new byte[value.Length];
        for (var bit = 0; bit < length; bit++)
        {
            mask[bit / 8] |= (byte)(0x80 >> (bit % 8));
        }

        return new FilterRule().CameBy(interfaceIndex).IsIPv4(address.IsIPv4).HasInIP(address.IsIPv4 ? SourceInIPv4 : SourceInIPv6, value, mask);
    }
}
