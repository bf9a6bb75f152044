using DsmipTools.Net;

namespace DsmipTools.Tunnels;

/// <summary>A tunnel that is configured by hand, on the host: all of it came up, or nothing.</summary>
internal abstract class RaisedTunnel : IDisposable
{
    /// <summary>Why it is the backend that was demanded.</summary>
    public const string AskedFor = "it was asked for";

    private readonly Stack<Action> undo = [];

    /// <summary>The interface of the host that leads into it.</summary>
    public abstract string InterfaceName { get; }

    /// <summary>Why it carries nothing any more; null as long as all is well.</summary>
    public abstract NetException? Failure { get; }

    /// <summary>What carries its packets at this moment, and why that.</summary>
    public abstract (TunnelBackend Backend, string Because) Backend { get; }

    /// <summary>Takes it down.</summary>
    public void Dispose()
    {
        while (undo.TryPop(out var inverse))
        {
            try
            {
                inverse();
            }
            catch (NetException)
            {
                // An administrator, or the loss of the device, was faster; the rest has its turn all the same.
            }
        }
    }

    /// <summary>Brings all of it up, or nothing.</summary>
    /// <param name="steps">Takes the steps, each with <see cref="Do"/>.</param>
    /// <exception cref="NetException">The host refused one of them.</exception>
    protected void Raise(Action steps)
    {
        try
        {
            steps();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Takes a step that can be taken back.</summary>
    protected void Do(Action step, Action inverse)
    {
        step();
        undo.Push(inverse);
    }
}
