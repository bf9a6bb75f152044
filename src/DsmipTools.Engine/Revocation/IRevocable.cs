namespace DsmipTools.Engine.Revocation;

/// <summary>A binding that can be revoked.</summary>
internal interface IRevocable
{
    /// <summary>The revocation in progress (RFC 5846, 7 and 8.1); null for none.</summary>
    RevocationTransaction? Revocation { get; set; }

    /// <summary>True when the peer names this binding among those that it did not revoke.</summary>
    bool IsAmong(RevocationFailures failures);
}
