namespace DsmipTools.Net.Links;

/// <summary>Decides what a <see cref="LinkElement"/> does with frames, on its thread.</summary>
public interface ILinkConditions
{
    /// <summary>Says what becomes of a frame.</summary>
    /// <param name="from">The port that it came from.</param>
    /// <param name="to">The port that it goes to.</param>
    /// <param name="length">Its octets.</param>
    /// <param name="now">The time.</param>
    FrameFate Decide(int from, int to, int length, TimeSpan now);
}
