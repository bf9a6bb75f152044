using System.Collections;
using DsmipTools.Hosting;
using DsmipTools.Net.Capture;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers the interfaces of this machine that can be captured on.</summary>
public sealed class InterfaceNameCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound) =>
        CaptureDevice.Interfaces().Select(each => (each.Name, $"{each.Description} {string.Join(", ", each.Addresses)}{(each.IsUp ? "" : " (down)")}".Trim() is { Length: > 0 } text ? text : each.Name));
}
