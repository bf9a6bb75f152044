using System.Collections;
using DsmipTools.Net.Namespaces;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Offers the network namespaces of this machine.</summary>
public sealed class NodeNameCompleter : LiveValueCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound) =>
        NetworkNamespace.Names().Select(name => (name, "network namespace"));
}
