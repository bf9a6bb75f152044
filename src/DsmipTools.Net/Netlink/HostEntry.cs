namespace DsmipTools.Net.Netlink;

/// <summary>What leads packets of this host: a route, or a rule that says which table of routes counts.</summary>
public abstract record HostEntry
{
    /// <summary>The table that routes are in unless they name another one.</summary>
    public const uint MainTable = 254;

    private protected HostEntry()
    {
    }
}
