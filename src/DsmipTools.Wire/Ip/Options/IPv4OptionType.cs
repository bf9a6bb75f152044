namespace DsmipTools.Wire.Ip.Options;

/// <summary>IPv4 option types with the copied flag and class (IANA, IP Option Numbers).</summary>
public enum IPv4OptionType : byte
{
    /// <summary>End of Option List (RFC 791, 3.1): what follows is padding.</summary>
    EndOfOptionList = 0,

    /// <summary>No Operation (RFC 791, 3.1).</summary>
    NoOperation = 1,

    /// <summary>Record Route (RFC 791, 3.1).</summary>
    RecordRoute = 7,

    /// <summary>Timestamp (RFC 791, 3.1).</summary>
    Timestamp = 68,

    /// <summary>Security (RFC 1108).</summary>
    Security = 130,

    /// <summary>Loose Source and Record Route (RFC 791, 3.1).</summary>
    LooseSourceRoute = 131,

    /// <summary>Strict Source and Record Route (RFC 791, 3.1).</summary>
    StrictSourceRoute = 137,

    /// <summary>Router Alert (RFC 2113).</summary>
    RouterAlert = 148,
}
