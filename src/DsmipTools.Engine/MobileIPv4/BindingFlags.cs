using DsmipTools.Wire.MobileIPv4;

namespace DsmipTools.Engine.MobileIPv4;

/// <summary>The flags of a registration request that a binding remembers (RFC 5944, 3.3).</summary>
internal readonly record struct BindingFlags(
    bool SimultaneousBindings,
    bool BroadcastDatagrams,
    bool DecapsulationByMobileNode,
    bool MinimalEncapsulation,
    bool GreEncapsulation,
    bool ReverseTunneling)
{
    public static BindingFlags Of(RegistrationRequestView request) => new(
        request.SimultaneousBindings,
        request.BroadcastDatagrams,
        request.DecapsulationByMobileNode,
        request.MinimalEncapsulation,
        request.GreEncapsulation,
        request.ReverseTunneling);
}
