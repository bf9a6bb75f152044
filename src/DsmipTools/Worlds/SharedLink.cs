using System.Globalization;
using DsmipTools.Engine;

namespace DsmipTools.Worlds;

/// <summary>
/// A link of a simulated world that several agents share, as Ethernet is: what one of them sends on it the others hear after a millisecond. It is where
/// mobility agents and mobile nodes find each other; <see cref="SimulatedWorld.Join"/> and <see cref="SimulatedWorld.Leave"/> move a mobile node.
/// </summary>
public sealed class SharedLink
{
    internal SharedLink(string name, uint number)
    {
        Name = name;
        Number = number;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The number by which agents know it.</summary>
    public uint Number { get; }

    /// <summary>True: nothing comes through any more, and nobody is told.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Of 100 packets so many are lost, for each who would hear them; 0 to 100.</summary>
    public int LossPercent
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 100);
            field = value;
        }
    }

    /// <summary>Who is on it, in the order in which they joined.</summary>
    internal List<Agent> Members { get; } = [];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Name} ({Members.Count} agents)");
}
