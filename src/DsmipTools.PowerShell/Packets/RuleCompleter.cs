using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using DsmipTools.Wire.Rules;

namespace DsmipTools.PowerShell.Packets;

/// <summary>Offers the ids of rules.</summary>
public sealed class RuleCompleter : IArgumentCompleter
{
    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        return PacketRules.Ids
            .Where(id => id.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Select(id => new CompletionResult($"'{id}'", id, CompletionResultType.ParameterValue, id));
    }
}
