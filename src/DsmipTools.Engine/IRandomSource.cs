namespace DsmipTools.Engine;

/// <summary>Where random numbers come from: seeded in the simulated world, cryptographic elsewhere.</summary>
public interface IRandomSource
{
    /// <summary>64 random bits.</summary>
    ulong NextUInt64();
}
