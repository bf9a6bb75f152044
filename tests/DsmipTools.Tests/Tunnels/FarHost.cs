using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using DsmipTools.Net.Tests.Support;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Tests.Tunnels;

/// <summary>
/// The host at the other end: a network namespace on a thread of its own, which does what it is told. Made on a thread of
/// <see cref="NetworkNamespace.Run"/>, whose interface b moves here; a stays there.
/// </summary>
internal sealed partial class FarHost : IDisposable
{
    private const int NewNetwork = 0x40000000;

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public FarHost()
    {
        thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        });
        thread.Start();
        var id = Run(() =>
        {
            Assert.Equal(0, Unshare(NewNetwork));
            NetworkNamespace.Ip("link set dev lo up");
            return ThreadId();
        });
        NetworkNamespace.Ip(string.Create(CultureInfo.InvariantCulture, $"link set dev b netns {id}"));
        NetworkNamespace.Ip("address add 192.0.2.1/24 dev a");
        NetworkNamespace.Ip("address add 2001:db8::1/64 dev a nodad");
        Await("2001:db8::1");
        Run(() =>
        {
            NetworkNamespace.Ip("address add 192.0.2.2/24 dev b");
            NetworkNamespace.Ip("address add 2001:db8::2/64 dev b nodad");
            NetworkNamespace.Ip("link set dev b up");
            Await("2001:db8::2");
        });
    }

    /// <summary>Waits until an address takes packets: the kernel adds the route to it a moment after the address itself.</summary>
    public static void Await(Address address)
    {
        var route = $"local {address} ";
        Assert.True(SpinWait.SpinUntil(
            () => NetworkNamespace.Ip($"{(address.IsIPv4 ? "-4" : "-6")} route show table local").Contains(route, StringComparison.Ordinal), TimeSpan.FromSeconds(30)));
    }

    public void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });

    public T Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>();
        work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        });
        try
        {
            done.Task.Wait();
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
        }

        return done.Task.Result;
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "gettid")]
    public static partial int ThreadId();
}
