namespace DsmipTools.Worlds;

/// <summary>What became of the packets of a simulated world.</summary>
/// <param name="Sent">Sent by agents, or injected.</param>
/// <param name="Delivered">Handed to an agent, copies included.</param>
/// <param name="Lost">Lost by the link, or because its queue was full.</param>
/// <param name="Partitioned">Stopped by a partition.</param>
/// <param name="Duplicated">Copies made by the link.</param>
/// <param name="Reordered">Held back by the link.</param>
/// <param name="Corrupted">Changed by the link.</param>
/// <param name="Unreadable">Arrived, but a header or checksum was wrong.</param>
/// <param name="Undeliverable">Sent to an address and port that no agent has.</param>
/// <param name="Forwarded">Packets of mobile nodes that agents sent on: into a tunnel, to a mobile node, or outside.</param>
/// <param name="NotForwarded">Packets of mobile nodes, or with their addresses, that agents dropped.</param>
public readonly record struct Traffic(
    long Sent,
    long Delivered,
    long Lost,
    long Partitioned,
    long Duplicated,
    long Reordered,
    long Corrupted,
    long Unreadable,
    long Undeliverable,
    long Forwarded,
    long NotForwarded);
