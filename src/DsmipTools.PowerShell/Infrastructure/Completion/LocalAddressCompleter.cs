using System.Collections;
using DsmipTools.Hosting;
using DsmipTools.Net.Capture;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers the addresses of this machine.</summary>
public sealed class LocalAddressCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound) =>
        CaptureDevice.Interfaces().SelectMany(each => each.Addresses.Select(address => ($"{address}", each.Name)));
}
