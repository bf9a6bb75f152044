using System.Management.Automation;

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
    protected override void StopProcessing() => stopping.Cancel();

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
        catch (Exception exception) when (exception is not PipelineStoppedException and not RuntimeException)
        {
            WriteError(ErrorRecords.From(exception, target));
            return false;
        }
    }

    /// <summary>Writes a non-terminating error.</summary>
    protected void WriteError(string message, string id, ErrorCategory category, object? target) =>
        WriteError(ErrorRecords.Create(message, id, category, target));

    /// <summary>Frees what the cmdlet holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            stopping.Dispose();
        }
    }
}
