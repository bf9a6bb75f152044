namespace DsmipTools.Engine.Revocation;

/// <summary>A binding that can be revoked.</summary>
internal interface IRevocable
{
    /// <summary>The revocation in progress (RFC 5846, 7 and 8.1); null for none.</summary>
    RevocationTransaction? Revocation { get; set; }
}
