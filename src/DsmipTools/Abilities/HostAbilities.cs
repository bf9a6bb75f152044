namespace DsmipTools.Abilities;

/// <summary>
/// What this host can do for agents, tunnels, labs and captures. Each ability is tried where that changes nothing, and read where trying would:
/// nothing is left on the host, and no module of the kernel is loaded.
/// </summary>
public static class HostAbilities
{
    private static readonly AbilityTest[] all = [.. PrivilegeAbilities.All, .. TunnelAbilities.All, .. SocketAbilities.All, .. NetworkAbilities.All];

    /// <summary>The names of all abilities.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. all.Select(test => test.Name)];

    /// <summary>Tests abilities one after the other, as they are taken.</summary>
    /// <param name="isWanted">Which, by their names; null for all.</param>
    public static IEnumerable<HostAbility> Test(Func<string, bool>? isWanted = null)
    {
        var host = new HostInspection();
        return all.Where(test => isWanted?.Invoke(test.Name) ?? true).Select(test => test.Run(host));
    }
}
