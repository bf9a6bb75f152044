namespace DsmipTools.Engine.ProxyMobileIPv6;

/// <summary>Whether the payload packets of a session travel in GRE (RFC 5845, 3).</summary>
public enum GreEncapsulation : byte
{
    /// <summary>No GRE.</summary>
    None,

    /// <summary>GRE without keys (3.2).</summary>
    WithoutKeys,

    /// <summary>GRE with the keys that gateway and anchor gave each other (3.3).</summary>
    WithKeys,
}

/// <summary>What a local mobility anchor says to GRE encapsulation (RFC 5845, 5.2).</summary>
public enum GrePolicy
{
    /// <summary>A gateway that asks for it gets it.</summary>
    Allowed,

    /// <summary>Not required: updates that ask for it are accepted without it, with status 2.</summary>
    NotRequired,

    /// <summary>Required: updates that do not ask for it are refused with status 163.</summary>
    Required,
}
