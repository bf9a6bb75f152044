namespace DsmipTools.Abilities;

/// <summary>Something that this host, and this process on it, can do or cannot.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="IsAvailable">True when it can be used; false also where that cannot be told, which <paramref name="Detail"/> then says.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Prevents">What cannot be done without it; null when it is available.</param>
/// <param name="Fix">The command or setting that helps, for root unless it says otherwise; null when it is available.</param>
public sealed record HostAbility(string Name, bool IsAvailable, string Detail, string? Prevents = null, string? Fix = null);
