using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using DsmipTools.Packets;

namespace DsmipTools.PowerShell.Packets.Composing;

/// <summary>Offers the kinds of mobility options, or of extensions, by name.</summary>
public sealed class PartKindCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var kinds = commandName?.EndsWith("Extension", StringComparison.OrdinalIgnoreCase) is true ? PartKinds.Extensions : PartKinds.MobilityOptions;
        var word = (wordToComplete ?? "").Trim('\'', '"');
        return kinds.All
            .Where(kind => kind.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(kind => new CompletionResult(
                kind.Name, kind.Name, CompletionResultType.ParameterValue,
                string.Create(CultureInfo.InvariantCulture, $"{kind.Table.Name}, type {kind.Type} ({kind.Table.Rfc})")));
    }
}
