using DsmipTools.Wire;
using DsmipTools.Wire.Ip;

namespace DsmipTools.Net.Capture;

/// <summary>An interface of this host that can be captured on.</summary>
/// <param name="Name">The name to capture by.</param>
/// <param name="Description">A description for a person; empty where there is none.</param>
/// <param name="IsUp">True when it is up.</param>
/// <param name="IsLoopback">True for the loopback interface.</param>
/// <param name="Addresses">Its addresses.</param>
public sealed record CapturableInterface(string Name, string Description, bool IsUp, bool IsLoopback, ValueList<Address> Addresses);
