namespace DsmipTools.Net.Probing;

/// <summary>
/// What parts the running kernel has, read and not tried: to make a device of a kind would load its module, and some modules make devices of
/// their own in every namespace.
/// </summary>
public sealed class KernelInventory
{
    private readonly HashSet<string> symbols = new(StringComparer.Ordinal);
    private readonly HashSet<string> builtIn;
    private readonly HashSet<string> loadable;
    private readonly bool isComplete;

    internal KernelInventory(string symbolFile, string moduleFolder, bool loadsModules)
    {
        var knowsSymbols = ReadSymbols(symbolFile);
        builtIn = ReadModules(Path.Combine(moduleFolder, "modules.builtin"));
        loadable = loadsModules ? ReadModules(Path.Combine(moduleFolder, "modules.dep")) : [];
        isComplete = (knowsSymbols || builtIn.Count > 0) && (loadable.Count > 0 || !loadsModules);
    }

    /// <summary>Reads that of the running kernel: 0.1 s. Linux.</summary>
    public static KernelInventory Read() => new(
        "/proc/kallsyms",
        Path.Combine("/lib/modules", File.ReadAllText("/proc/sys/kernel/osrelease").Trim()),
        loadsModules: File.Exists("/proc/modules") && NetworkSettings.Read("kernel/modules_disabled") != 1);

    /// <summary>Whether the kernel has a part.</summary>
    public KernelPartState StateOf(KernelPart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return symbols.Contains(part.Symbol) || builtIn.Contains(part.Module) ? KernelPartState.Present
            : loadable.Contains(part.Module) ? KernelPartState.Loadable
            : isComplete ? KernelPartState.Missing
            : KernelPartState.Unknown;
    }

    // "ffffffff81daec40 t tun_chr_open", with " [tun]" behind it for a module.
    private bool ReadSymbols(string file)
    {
        var wanted = KernelPart.All.Select(part => part.Symbol).ToHashSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        var isKnown = false;
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                isKnown = true;
                var name = line.AsSpan(line.LastIndexOf(' ', line.IndexOf('\t', StringComparison.Ordinal) is > 0 and var tab ? tab : line.Length - 1) + 1);
                var end = name.IndexOfAny('\t', '.');
                if (wanted.TryGetValue(end < 0 ? name : name[..end], out var symbol))
                {
                    symbols.Add(symbol);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The lists of modules are left.
        }

        return isKnown;
    }

    // "kernel/net/ipv6/sit.ko.xz: kernel/net/ipv4/ip_tunnel.ko.xz", or the path alone.
    private static HashSet<string> ReadModules(string file)
    {
        try
        {
            return File.ReadLines(file)
                .Select(line => Path.GetFileName(line.Split(':')[0]).Split('.')[0].Replace('-', '_'))
                .ToHashSet(StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
