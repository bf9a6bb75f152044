namespace DsmipTools.Wire.Rules;

/// <summary>How grave it is that a packet breaks a rule; the later, the graver.</summary>
public enum RuleSeverity
{
    /// <summary>Worth knowing: a value that no registry names, something that could not be judged.</summary>
    Information,

    /// <summary>A SHOULD, or a form that the RFC describes without a word of RFC 2119, or a value that is unusual there.</summary>
    Warning,

    /// <summary>A MUST or MUST NOT, or octets that cannot be read.</summary>
    Error,
}
