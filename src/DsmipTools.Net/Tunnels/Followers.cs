namespace DsmipTools.Net.Tunnels;

/// <summary>
/// The packets that come right behind one and are of its flow: TCP segments or UDP datagrams that differ in what segmentation changes and in nothing
/// else (lengths, checksums, identification, sequence number, PSH and FIN), none of them longer. What is decided about the first is right for all.
/// </summary>
/// <param name="Packets">How many there are; 0 for a packet that comes alone.</param>
/// <param name="Octets">Their octets, without the headers of a tunnel.</param>
public readonly record struct Followers(int Packets, int Octets);
