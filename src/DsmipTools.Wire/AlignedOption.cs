using System.Text;

namespace DsmipTools.Wire;

/// <summary>An option that may have to stand at a certain place: mobility options (RFC 6275, 6.2.1) and IPv6 options (RFC 8200, 4.2) share this rule.</summary>
public abstract record AlignedOption : Structure
{
    /// <summary>The alignment requirement xn+y: where the option type octet may stand, counted from the start of the header or message.</summary>
    public virtual (int Multiple, int Remainder) Alignment => (1, 0);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder) => base.PrintMembers(builder);
}
