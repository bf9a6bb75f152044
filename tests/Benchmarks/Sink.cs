using System.Runtime.CompilerServices;

namespace DsmipTools.Benchmarks;

/// <summary>Takes results that nobody needs, so that the compiler cannot leave out the work that gave them.</summary>
internal static class Sink
{
    private static ulong value;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Take(ulong result) => value += result;

    /// <summary>What was taken in, for nobody.</summary>
    public static ulong Value => value;
}
