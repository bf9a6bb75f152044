namespace DsmipTools.PowerShell.Infrastructure;

/// <summary>
/// The host that cmdlets act on: one per process, shared by all runspaces that have the module imported, on the real sockets of this
/// machine. Inside a procedure it is the host of the procedure's lab instead.
/// </summary>
public static class DsmipSession
{
    private static readonly Lock Gate = new();
    private static DsmipHost? shared;
    private static int imports;

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

    internal static void Imported()
    {
        lock (Gate)
        {
            imports++;
        }
    }

    /// <summary>The last runspace that removes the module stops all agents.</summary>
    internal static void Removed()
    {
        DsmipHost? last = null;
        lock (Gate)
        {
            if (--imports <= 0)
            {
                imports = 0;
                (last, shared) = (shared, null);
            }
        }

        last?.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private sealed class Leaver(DsmipHost? before) : IDisposable
    {
        public void Dispose() => entered = before;
    }
}
