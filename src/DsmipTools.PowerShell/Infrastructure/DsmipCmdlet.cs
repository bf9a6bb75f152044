using System.Diagnostics.CodeAnalysis;
using System.Management.Automation;
using DsmipTools.Hosting;
using DsmipTools.Wire.Ip;

namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>
/// The base of all cmdlets: the host they act on, errors with ids, and waiting that Ctrl+C ends at once. Only the pipeline thread writes
/// to the pipeline, because only it runs here; what it waits for runs elsewhere.
/// </summary>
public abstract class DsmipCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The host of the session, or of the lab inside a procedure.</summary>
    protected static DsmipHost Agents => DsmipSession.Host;

    /// <summary>Set when the pipeline is being stopped.</summary>
    protected CancellationToken Cancellation => stopping.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        try
        {
            stopping.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Ctrl+C came as the cmdlet ended by itself.
        }
    }

    /// <summary>Waits for a task; Ctrl+C ends the wait and stops the pipeline.</summary>
    protected T Await<T>(Func<CancellationToken, Task<T>> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        try
        {
            return start(Cancellation).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            throw new PipelineStoppedException();
        }
    }

    /// <summary>Gives the elements of an asynchronous sequence on the pipeline thread as they come.</summary>
    protected IEnumerable<T> Await<T>(Func<CancellationToken, IAsyncEnumerable<T>> start)
    {
        ArgumentNullException.ThrowIfNull(start);
        var elements = start(Cancellation).GetAsyncEnumerator(Cancellation);
        try
        {
            while (Await(_ => elements.MoveNextAsync().AsTask()))
            {
                yield return elements.Current;
            }
        }
        finally
        {
            elements.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Does something for one input; what it throws becomes a non-terminating error, so that the next input has its turn.</summary>
    /// <returns>True when nothing was thrown.</returns>
    protected bool Try(object? target, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        try
        {
            action();
            return true;
        }
        catch (Exception exception) when (exception is not RuntimeException and not FlowControlException)
        {
            // What is left out above belongs to PowerShell: the pipeline is stopping, or a command after this one has enough.
            WriteError(ErrorRecords.From(exception, target));
            return false;
        }
    }

    /// <summary>Does something that has a result, in the same way.</summary>
    /// <returns>True when nothing was thrown.</returns>
    protected bool Try<T>(object? target, Func<T> function, [MaybeNullWhen(false)] out T result)
    {
        var value = default(T);
        var isDone = Try(target, () => { value = function(); });
        result = value;
        return isDone;
    }

    /// <summary>Writes a non-terminating error.</summary>
    protected void WriteError(string message, string id, ErrorCategory category, object? target) =>
        WriteError(ErrorRecords.Create(message, id, category, target));

    /// <summary>Refuses a prefix that has bits set beyond its length: an administrator who wrote one meant another one.</summary>
    /// <returns>True when all prefixes are good; otherwise an error has been written.</returns>
    protected bool HaveNoHostBits(IEnumerable<Prefix>? prefixes, string parameter)
    {
        var stray = (prefixes ?? []).Where(prefix => !prefix.IsCanonical).ToArray();
        foreach (var prefix in stray)
        {
            WriteError(
                $"-{parameter}: {prefix} has bits set beyond its length. Did you mean {prefix.Canonical}?",
                ErrorIds.PrefixHasHostBits,
                ErrorCategory.InvalidArgument,
                prefix);
        }

        return stray.Length == 0;
    }

    /// <summary>The agents with these names; wildcards may match none, a plain name that does not exist is an error.</summary>
    protected IEnumerable<HostedAgent> FindAgents(IEnumerable<string> names) => FindNamed(names, Agents.Agents, agent => agent.Name, WriteAgentNotFound);

    /// <summary>What has these names; wildcards may match none, and a plain name that does not exist is an error.</summary>
    /// <param name="names">The names.</param>
    /// <param name="all">All that there are.</param>
    /// <param name="nameOf">The name of one.</param>
    /// <param name="writeNotFound">Writes the error.</param>
    private protected static IEnumerable<T> FindNamed<T>(IEnumerable<string> names, IReadOnlyList<T> all, Func<T, string> nameOf, Action<string> writeNotFound)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(names);
        var found = new HashSet<T>();
        foreach (var name in names)
        {
            // A name may hold a character that means something in a pattern.
            var pattern = new WildcardPattern(name, WildcardOptions.IgnoreCase);
            var matches = all.Where(one => string.Equals(nameOf(one), name, StringComparison.OrdinalIgnoreCase)).ToArray() is { Length: > 0 } named
                ? named
                : all.Where(one => pattern.IsMatch(nameOf(one))).ToArray();
            if (matches.Length == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
            {
                writeNotFound(name);
            }

            foreach (var match in matches.Where(found.Add))
            {
                yield return match;
            }
        }
    }

    /// <summary>The one agent of a role with this name; null after an error.</summary>
    protected TAgent? FindAgent<TAgent>(string name)
        where TAgent : HostedAgent
    {
        switch (Agents.Find(name))
        {
            case TAgent agent:
                return agent;
            case { } other:
                WriteWrongKind(other, typeof(TAgent));
                return null;
            default:
                WriteAgentNotFound(name);
                return null;
        }
    }

    /// <summary>Says that an agent has another role than this cmdlet needs.</summary>
    protected void WriteWrongKind(HostedAgent agent, Type wanted)
    {
        ArgumentNullException.ThrowIfNull(agent);
        ArgumentNullException.ThrowIfNull(wanted);
        WriteError(
            $"The agent {agent.Name} is a {agent.Kind}, not a {wanted.Name.Replace("Hosted", "", StringComparison.Ordinal)}.",
            ErrorIds.WrongAgentKind,
            ErrorCategory.InvalidType,
            agent);
    }

    /// <summary>Frees what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            stopping.Dispose();
        }
    }

    private void WriteAgentNotFound(string name) =>
        WriteError($"There is no agent with the name '{name}'. Get-DsmipAgent lists them.", ErrorIds.AgentNotFound, ErrorCategory.ObjectNotFound, name);
}
