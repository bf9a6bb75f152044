namespace DsmipTools.Engine.MobileIPv4;

/// <summary>What a mobile node concludes about one of the prefixes that it asked for (RFC 5454, 3.2 and 3.5).</summary>
public enum PrefixRegistrationState
{
    /// <summary>Registered; IPv6 runs in the tunnel between home agent and home address (code 0, and the accept codes 2 to 7 that mean nothing yet).</summary>
    AcceptedHomeAddress,

    /// <summary>Registered; IPv6 runs in the tunnel between home agent and care-of address (code 1).</summary>
    AcceptedCareOfAddress,

    /// <summary>Rejected, reason unspecified (code 8, and the reject codes 10 to 255 that mean nothing yet).</summary>
    RejectedUnspecified,

    /// <summary>Rejected, administratively prohibited (code 9).</summary>
    RejectedProhibited,

    /// <summary>Rejected because the registration was: its code supersedes those of the prefixes (RFC 5454, 3.2).</summary>
    RejectedWithRegistration,

    /// <summary>No reply for this prefix, or no reply at all before the attempts were used up; the same as rejected.</summary>
    NotAnswered,

    /// <summary>The registration was accepted without any prefix reply: the home agent does not know RFC 5454.</summary>
    NotSupported,
}

/// <summary>Groups of states.</summary>
public static class PrefixRegistrationStates
{
    /// <summary>True when the prefix is registered.</summary>
    public static bool IsAccepted(this PrefixRegistrationState state) =>
        state is PrefixRegistrationState.AcceptedHomeAddress or PrefixRegistrationState.AcceptedCareOfAddress;
}
