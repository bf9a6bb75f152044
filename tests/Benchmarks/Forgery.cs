namespace DsmipTools.Benchmarks;

/// <summary>Messages that somebody sends to an anchor to no effect.</summary>
internal enum Forgery
{
    /// <summary>An update from an address that is no peer's.</summary>
    Stranger,

    /// <summary>An update whose checksum is wrong.</summary>
    BadChecksum,

    /// <summary>An acknowledgement of an indication that was never sent.</summary>
    UnknownAcknowledgement,

    /// <summary>A copy of an update that is an hour old; it is answered with status 157.</summary>
    Replayed,

    /// <summary>An update that names the prefix of another mobile node; it is answered with status 155.</summary>
    PrefixOfAnother,

    /// <summary>An indication for a mobile node of another gateway; it is answered with status 128.</summary>
    RevocationOfAnother,
}
