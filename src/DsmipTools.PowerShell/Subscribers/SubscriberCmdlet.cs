using System.Globalization;
using System.Management.Automation;
using DsmipTools.Engine.ProxyMobileIPv6;
using DsmipTools.Hosting;
using DsmipTools.PowerShell.Infrastructure;

namespace DsmipTools.PowerShell.Subscribers;

/// <summary>
/// The base of the cmdlets that attach and detach mobile nodes. What comes through the pipeline is under way at the same time, so that an
/// anchor which does not answer costs one wait and not one for each mobile node; outcomes come in the order of the input.
/// </summary>
public abstract class SubscriberCmdlet : DsmipCmdlet
{
    // What a user can still wait for at Ctrl+C, and what a socket's receive buffer takes without loss.
    private const int MaximumAtOnce = 256;

    private readonly Queue<Request> underWay = new();

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        while (underWay.TryDequeue(out var request))
        {
            Write(request);
        }
    }

    /// <summary>Refuses what only mobile nodes on access links can do where there are none.</summary>
    /// <returns>True in a simulated world; otherwise an error has been written.</returns>
    private protected bool HaveLinks()
    {
        if (Agents.Simulation is null)
        {
            WriteError(
                $"There are no mobile nodes on access links in the {Agents.World} world: they are of the simulated one, as in a procedure.",
                ErrorIds.NotSupported,
                ErrorCategory.NotImplemented,
                Agents.World);
            return false;
        }

        return true;
    }

    private protected void Begin(
        HostedMobileAccessGateway gateway, string identifier, bool isAttachment, Func<CancellationToken, Task<AttachmentOutcome>> start)
    {
        if (underWay.Count >= MaximumAtOnce)
        {
            Write(underWay.Dequeue());
        }

        underWay.Enqueue(new Request(gateway, identifier, isAttachment, start(Cancellation)));
    }

    /// <summary>Writes what is done already, so that later commands of the pipeline can begin.</summary>
    private protected void WriteFinished()
    {
        while (underWay.TryPeek(out var request) && request.Outcome.IsCompleted)
        {
            Write(underWay.Dequeue());
        }
    }

    private void Write(Request request)
    {
        AttachmentOutcome outcome;
        try
        {
            outcome = Await(_ => request.Outcome);
        }
        catch (InvalidOperationException exception) when (request.Gateway.State == AgentState.Running && exception is not ObjectDisposedException)
        {
            // The gateway runs, so what it refuses is the mobile node.
            WriteError(
                exception.Message,
                request.IsAttachment ? ErrorIds.SubscriberAttached : ErrorIds.SubscriberNotAttached,
                request.IsAttachment ? ErrorCategory.ResourceExists : ErrorCategory.ObjectNotFound,
                request.Identifier);
            return;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            WriteError(ErrorRecords.From(exception, request.Identifier));
            return;
        }

        WriteObject(outcome);
        var what = request.IsAttachment ? "attachment" : "detachment";
        switch (outcome.Result)
        {
            case AttachmentResult.Refused:
                WriteError(
                    $"The local mobility anchor {request.Gateway.Options.LocalMobilityAnchor} refused the {what} of {outcome.Identifier} "
                        + $"with status {(byte)outcome.Status!} {outcome.Status}.",
                    ErrorIds.BindingRefused,
                    ErrorCategory.PermissionDenied,
                    outcome);
                break;
            case AttachmentResult.TimedOut:
                WriteError(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The local mobility anchor {request.Gateway.Options.LocalMobilityAnchor} did not answer {outcome.Attempts} updates for {outcome.Identifier}."),
                    ErrorIds.Timeout,
                    ErrorCategory.OperationTimeout,
                    outcome);
                break;
            case AttachmentResult.NotEchoed:
                WriteError(
                    $"The answer of the local mobility anchor {request.Gateway.Options.LocalMobilityAnchor} to the {what} of {outcome.Identifier} "
                        + "does not echo what the update said, and was ignored (RFC 5213, 6.9.1.2).",
                    ErrorIds.AnswerNotEchoed,
                    ErrorCategory.ProtocolError,
                    outcome);
                break;
            case AttachmentResult.Cancelled:
                WriteWarning($"The {what} of {outcome.Identifier} was ended by something else: a detachment, or a revocation.");
                break;
        }
    }

    private sealed record Request(HostedMobileAccessGateway Gateway, string Identifier, bool IsAttachment, Task<AttachmentOutcome> Outcome);
}
