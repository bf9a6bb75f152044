using System.Management.Automation.Runspaces;

namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>
/// The host that cmdlets act on: one per process, shared by all runspaces that have the module imported, on the real sockets of this
/// machine. Inside a procedure it is the host of the procedure's lab instead.
/// </summary>
public static class DsmipSession
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Guid> Users = [];
    private static DsmipHost? shared;

    /// <summary>The host of the lab whose procedure runs on this pipeline thread.</summary>
    [ThreadStatic]
    private static DsmipHost? entered;

    /// <summary>The host that cmdlets on this thread act on.</summary>
    public static DsmipHost Host
    {
        get
        {
            if (entered is not null)
            {
                return entered;
            }

            lock (Gate)
            {
                return shared ??= new DsmipHost(World.Loopback);
            }
        }
    }

    /// <summary>Lets the cmdlets on this thread act on another host until the result is disposed.</summary>
    public static IDisposable Enter(DsmipHost host)
    {
        var before = entered;
        entered = host;
        return new Leaver(before);
    }

    /// <summary>A runspace has imported the module.</summary>
    internal static void Imported(Runspace? runspace)
    {
        lock (Gate)
        {
            if (runspace is not null && Users.Add(runspace.InstanceId))
            {
                runspace.StateChanged += OnStateChanged;
            }
        }
    }

    /// <summary>A runspace has removed the module; the last one that does so stops all agents.</summary>
    internal static void Removed(Runspace? runspace)
    {
        DsmipHost? last = null;
        lock (Gate)
        {
            if (runspace is not null && Users.Remove(runspace.InstanceId))
            {
                runspace.StateChanged -= OnStateChanged;
            }

            if (Users.Count == 0)
            {
                (last, shared) = (shared, null);
            }
        }

        last?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    // A runspace that ends, such as that of a job, takes its import with it without removing the module.
    private static void OnStateChanged(object? sender, RunspaceStateEventArgs e)
    {
        if (e.RunspaceStateInfo.State is RunspaceState.Closed or RunspaceState.Broken)
        {
            Removed(sender as Runspace);
        }
    }

    private sealed class Leaver(DsmipHost? before) : IDisposable
    {
        public void Dispose() => entered = before;
    }
}
