using DsmipTools.Net.Links;

namespace DsmipTools.Labs;

/// <summary>What a link consists of: a bridge, and an element in its place as long as something happens to packets.</summary>
internal sealed class Cable(string name, int bridge, CableConditions conditions) : IDisposable
{
    /// <summary>The name of the bridge.</summary>
    public string Name => name;

    /// <summary>Its number.</summary>
    public int Bridge => bridge;

    public CableConditions Conditions => conditions;

    public LinkElement? Element { get; set; }

    public LinkCapture? Capture { get; set; }

    public void Dispose()
    {
        Element?.Dispose();
        Capture?.Dispose();
    }
}
