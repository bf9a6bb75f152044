using System.Buffers;
using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace DsmipTools.PowerShell.Infrastructure.Completion;

/// <summary>Completes an argument with values that exist at this moment in the session.</summary>
public abstract class LiveValueCompleter : IArgumentCompleter
{
    // A menu with more entries helps nobody, and an anchor may hold a million bindings.
    private const int MaximumResults = 200;

    private static readonly SearchValues<char> Special = SearchValues.Create(" \t'\"`$(){}[];,|&<>#");

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        var pattern = new WildcardPattern(word.Contains('*', StringComparison.Ordinal) ? word : WildcardPattern.Escape(word) + "*", WildcardOptions.IgnoreCase);
        return Candidates(DsmipSession.Host, fakeBoundParameters ?? new Hashtable())
            .Where(candidate => pattern.IsMatch(candidate.Text))
            .DistinctBy(candidate => candidate.Text, StringComparer.OrdinalIgnoreCase)
            .Take(MaximumResults)
            .Select(candidate => new CompletionResult(Quote(candidate.Text), candidate.Text, CompletionResultType.ParameterValue, candidate.ToolTip));
    }

    /// <summary>The values to offer, each with a line that says what it is.</summary>
    /// <param name="host">The host of the session.</param>
    /// <param name="bound">The arguments that the command has already.</param>
    protected abstract IEnumerable<(string Text, string ToolTip)> Candidates(DsmipHost host, IDictionary bound);

    // A word that PowerShell would read otherwise needs quotes: these separate or expand. An @ inside a word means nothing to it.
    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(Special) ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : text;
}
