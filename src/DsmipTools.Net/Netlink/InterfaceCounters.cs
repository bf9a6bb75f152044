namespace DsmipTools.Net.Netlink;

/// <summary>What an interface has counted (struct rtnl_link_stats64).</summary>
/// <param name="PacketsIn">Frames that it received.</param>
/// <param name="OctetsIn">Their octets.</param>
/// <param name="PacketsOut">Frames that it sent.</param>
/// <param name="OctetsOut">Their octets.</param>
public readonly record struct InterfaceCounters(long PacketsIn, long OctetsIn, long PacketsOut, long OctetsOut);
