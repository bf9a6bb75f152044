namespace DsmipTools.Engine;

/// <summary>A reproducible random source (SplitMix64): one seed gives the same numbers in every process and version.</summary>
public sealed class SeededRandom(ulong seed) : IRandomSource
{
    private ulong state = seed;

    /// <inheritdoc/>
    public ulong NextUInt64()
    {
        var mixed = state += 0x9E3779B97F4A7C15UL;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
        return mixed ^ (mixed >> 31);
    }
}
