namespace DsmipTools.Engine.Revocation;

/// <summary>What is done with an update that crosses an indication for its binding (RFC 5846, 7 and 8.1).</summary>
public enum CrossingUpdatePolicy
{
    /// <summary>It is refused with status 129, administratively prohibited, and the revocation goes on.</summary>
    Refuse,

    /// <summary>It is accepted, which ends the revocation, when it moves the binding to another peer; and refused otherwise.</summary>
    AcceptFromElsewhere,

    /// <summary>
    /// It is accepted, which ends the revocation. The peer that the indication goes to may all the same drop what it has just renewed: with
    /// other triggers than those of a handover it does not look whether the mobile node is attached (9.1).
    /// </summary>
    Accept,
}
