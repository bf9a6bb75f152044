using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace DsmipTools.Net.Namespaces;

/// <summary>
/// A network namespace of this host (network_namespaces(7)): interfaces, addresses, routes and sockets of its own. One that was created is gone when
/// it is disposed, as soon as no process is in it. Safe for use by several threads. Linux; the capability CAP_SYS_ADMIN.
/// </summary>
public sealed class NetworkNamespace : IDisposable
{
    /// <summary>Where the names of namespaces are; ip-netns(8) looks there too.</summary>
    public const string Folder = "/run/netns";

    private const string OfThisThread = "/proc/thread-self/ns/net";

    private readonly SafeNamespaceDescriptor descriptor;
    private readonly bool isOwned;
    private bool disposed;

    private NetworkNamespace(SafeNamespaceDescriptor descriptor, string? name, bool isOwned)
    {
        this.descriptor = descriptor;
        this.isOwned = isOwned;
        Name = name;
    }

    /// <summary>The name by which <c>ip netns</c> shows it; null for one that is there for this process alone.</summary>
    public string? Name { get; }

    /// <summary>Its file: the name's, or for one without a name that of the descriptor, as long as this process runs.</summary>
    public string Path => Name is not null ? PathOf(Name) : $"/proc/{Environment.ProcessId}/fd/{descriptor.DangerousGetHandle()}";

    internal SafeNamespaceDescriptor Descriptor => descriptor;

    /// <summary>The kernel's name of it, which the file of one with a name does not say; empty for what is no namespace any more.</summary>
    private string Identity
    {
        get
        {
            try
            {
                return Run(() => IdentityOf(OfThisThread));
            }
            catch (NetException)
            {
                return "";
            }
        }
    }

    /// <summary>Makes a namespace, in which nothing but a loopback interface is, and that one is down.</summary>
    /// <param name="name">
    /// The name; null for none. None is given either where this process may not write to <see cref="Folder"/>, as in 'unshare -Urn' of an ordinary user.
    /// </param>
    /// <exception cref="NetException">A privilege is missing, or there is a namespace of this name.</exception>
    public static NetworkNamespace Create(string? name = null)
    {
        ThrowUnlessLinux();
        if (name is not null)
        {
            ThrowUnlessFileName(name);
        }

        return OnThread(() =>
        {
            if (NamespaceCalls.Unshare(NamespaceCalls.NewNetwork) != 0)
            {
                throw Failure("Making a network namespace (an ordinary user may inside 'unshare -Urnm')");
            }

            var opened = Open();
            try
            {
                return new NetworkNamespace(opened, name is not null && TryGiveName(name) ? name : null, isOwned: true);
            }
            catch
            {
                opened.Dispose();
                throw;
            }
        });

        static SafeNamespaceDescriptor Open() => OpenFile(OfThisThread, "The network namespace of a thread");
    }

    /// <summary>Opens a namespace that has a name.</summary>
    /// <exception cref="NetException">There is none of this name, or a privilege is missing.</exception>
    public static NetworkNamespace Open(string name)
    {
        ThrowUnlessLinux();
        ThrowUnlessFileName(name);
        return new NetworkNamespace(OpenFile(PathOf(name), $"The network namespace {name}"), name, isOwned: false);
    }

    /// <summary>The names of this host's namespaces.</summary>
    public static IReadOnlyList<string> Names() =>
        Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)] : [];

    /// <summary>Takes the name of a namespace away; the namespace is gone as soon as no process is in it. Does nothing when there is none.</summary>
    /// <exception cref="NetException">A privilege is missing.</exception>
    public static void Delete(string name)
    {
        ThrowUnlessFileName(name);
        var path = PathOf(name);
        if (!File.Exists(path))
        {
            return;
        }

        // What is no mount point any more is a file that a crash has left.
        _ = NamespaceCalls.Unmount(path, NamespaceCalls.Detach);
        try
        {
            File.Delete(path);
        }
        catch (UnauthorizedAccessException)
        {
            throw NetException.NeedsCapability($"Removing the network namespace {name}", "CAP_SYS_ADMIN", 0);
        }
        catch (IOException exception)
        {
            throw new NetException(NetError.Other, 0, $"The network namespace {name} cannot be removed: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Makes <see cref="Folder"/> a place that mounts spread from, as ip-netns(8) does with its first namespace: without, that program would hide our names
    /// behind mounts of its own.
    /// </summary>
    /// <returns>False when it was one.</returns>
    /// <exception cref="NetException">A privilege is missing.</exception>
    public static unsafe bool PrepareFolder()
    {
        const int NoMountPoint = 22;
        Directory.CreateDirectory(Folder);
        for (var isMade = false; ; isMade = true)
        {
            if (NamespaceCalls.Mount("", Folder, "none", NamespaceCalls.Shared | NamespaceCalls.Recursive, null) == 0)
            {
                return isMade;
            }

            if (isMade || Marshal.GetLastPInvokeError() != NoMountPoint
                || NamespaceCalls.Mount(Folder, Folder, "none", NamespaceCalls.Bind | NamespaceCalls.Recursive, null) != 0)
            {
                throw Failure($"Making {Folder} a place for namespaces");
            }
        }
    }

    /// <summary>Undoes <see cref="PrepareFolder"/>; does nothing as long as there are names.</summary>
    public static void ReleaseFolder()
    {
        if (Names().Count == 0)
        {
            _ = NamespaceCalls.Unmount(Folder, NamespaceCalls.Detach);
        }
    }

    /// <summary>The numbers of the processes that are in one of some namespaces, as far as this process may see it; this one is never among them.</summary>
    public static IReadOnlyList<int> ProcessesIn(IEnumerable<NetworkNamespace> namespaces)
    {
        ArgumentNullException.ThrowIfNull(namespaces);
        var wanted = namespaces.Select(each => each.Identity).ToHashSet(StringComparer.Ordinal);
        // What has no name for the kernel must not stand for every process that may not be looked at.
        wanted.Remove("");
        List<int> found = [];
        foreach (var folder in wanted.Count == 0 ? [] : Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && process != Environment.ProcessId && wanted.Contains(IdentityOf($"{folder}/ns/net")))
            {
                found.Add(process);
            }
        }

        return found;
    }

    /// <summary>
    /// Runs something inside the namespace, on a thread that is there for nothing else and gone afterwards. Sockets and other descriptors that it opens
    /// stay in the namespace and are used from any thread; threads and processes that it starts are in the namespace too.
    /// </summary>
    /// <remarks>It must not queue work or await: the thread pool would get threads that live in the namespace for good.</remarks>
    /// <exception cref="NetException">A privilege is missing.</exception>
    public T Run<T>(Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        return OnThread(() =>
        {
            Enter();
            return function();
        });
    }

    /// <summary>
    /// Runs something that starts programs, in the same way, as ip-netns(8) does: they see some files of a folder in place of those of the same names
    /// in /etc, and the interfaces of the namespace in /sys.
    /// </summary>
    /// <param name="files">The folder.</param>
    /// <param name="function">What starts programs.</param>
    /// <exception cref="NetException">A privilege is missing.</exception>
    public T RunWithFiles<T>(string files, Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        // The thread that takes the signals of ended programs is made with the first of them, and must not live in here.
        using (PosixSignalRegistration.Create(PosixSignal.SIGHUP, _ => { }))
        {
            return Run(() =>
            {
                ShowFiles(files);
                return function();
            });
        }
    }

    /// <summary>Runs something that has no result, in the same way.</summary>
    /// <exception cref="NetException">A privilege is missing.</exception>
    public void Run(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Run(() =>
        {
            action();
            return true;
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            descriptor.Dispose();
            if (isOwned && Name is not null)
            {
                Delete(Name);
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name ?? Path;

    internal static T OnThread<T>(Func<T> function)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = function();
            }
#pragma warning disable CA1031 // Handed on to the caller.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        {
            IsBackground = true,
            Name = "network namespace",
        };
        thread.UnsafeStart();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private static string IdentityOf(string link)
    {
        try
        {
            return new FileInfo(link).LinkTarget ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static string PathOf(string name) => $"{Folder}/{name}";

    private static void ThrowUnlessLinux()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new NetException(NetError.NotSupported, 0, $"Network namespaces are there on Linux only; this is {RuntimeInformation.OSDescription}.");
        }
    }

    private static void ThrowUnlessFileName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name is "." or ".." || name.AsSpan().IndexOfAny('/', '\0') >= 0)
        {
            throw new ArgumentException($"'{name}' is no name of a network namespace: it is the name of a file in {Folder}.", nameof(name));
        }
    }

    private static SafeNamespaceDescriptor OpenFile(string path, string what)
    {
        var opened = NamespaceCalls.Open(path, NamespaceCalls.CloseOnExec);
        if (!opened.IsInvalid)
        {
            return opened;
        }

        var errno = Marshal.GetLastPInvokeError();
        opened.Dispose();
        const int NoSuchFile = 2;
        throw errno == NoSuchFile
            ? new NetException(NetError.InterfaceNotFound, errno, $"{what} is not there. 'ip netns' lists them.")
            : new NetException(Linux.ErrorOf(errno), errno, $"{what} cannot be opened.");
    }

    /// <summary>Binds the namespace of this thread to a name; false where that is not allowed.</summary>
    private static unsafe bool TryGiveName(string name)
    {
        var path = PathOf(name);
        try
        {
            PrepareFolder();
            new FileStream(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
        catch (NetException)
        {
            return false;
        }
        catch (IOException exception) when (File.Exists(path))
        {
            throw new NetException(NetError.AlreadyExists, NamespaceCalls.Exists, $"There is a network namespace {name} already.", exception);
        }
        catch (IOException)
        {
            return false;
        }

        if (NamespaceCalls.Mount(OfThisThread, path, "none", NamespaceCalls.Bind, null) == 0)
        {
            return true;
        }

        var errno = Marshal.GetLastPInvokeError();
        File.Delete(path);
        return Linux.ErrorOf(errno) == NetError.AccessDenied
            ? false
            : throw new NetException(Linux.ErrorOf(errno), errno, $"The network namespace {name} cannot be bound to {path}.");
    }

    /// <summary>Gives this thread, and what it starts, mounts of its own.</summary>
    private static unsafe void ShowFiles(string files)
    {
        if (NamespaceCalls.Unshare(NamespaceCalls.NewMounts) != 0 || NamespaceCalls.Mount("", "/", "none", NamespaceCalls.Slave | NamespaceCalls.Recursive, null) != 0)
        {
            throw Failure("A program with its own files in /etc");
        }

        // Where this is refused, programs see the host's interfaces there; few look.
        _ = NamespaceCalls.Mount("sysfs", "/sys", "sysfs", 0, null);
        foreach (var file in Directory.EnumerateFiles(files))
        {
            var target = $"/etc/{System.IO.Path.GetFileName(file)}";
            if (File.Exists(target) && NamespaceCalls.Mount(file, target, "none", NamespaceCalls.Bind, null) != 0)
            {
                throw Failure($"Showing {file} as {target}");
            }
        }
    }

    private static NetException Failure(string what)
    {
        var errno = Marshal.GetLastPInvokeError();
        return Linux.ErrorOf(errno) == NetError.AccessDenied
            ? NetException.NeedsCapability(what, "CAP_SYS_ADMIN", errno)
            : new NetException(Linux.ErrorOf(errno), errno, $"{what} failed.");
    }

    private void Enter()
    {
        if (NamespaceCalls.Enter(descriptor, NamespaceCalls.NewNetwork) != 0)
        {
            throw Failure($"Entering the network namespace {this}");
        }
    }
}
