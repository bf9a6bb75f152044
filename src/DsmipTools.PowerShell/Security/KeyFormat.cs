namespace DsmipTools.PowerShell.Security;

/// <summary>How a key is written.</summary>
public enum KeyFormat
{
    /// <summary>Its characters are the octets, in UTF-8.</summary>
    Text,

    /// <summary>Two hexadecimal digits are one octet.</summary>
    Hexadecimal,
}
