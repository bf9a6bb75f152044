"""The fixed parts of Mobility Header messages and the mobility options that are nothing but fields, as tables from the RFCs.

A field is a name and a kind: a number of bits; "flag"; "ipv4", "ipv6"; "hex8", eight octets as hex; and at the end "hex",
"address" (IPv4, IPv6 or nothing) or "32?" (a number that may be missing).
"""
import ipaddress

COOKIE, TOKEN = "hex8", "hex8"
MESSAGES = {  # type: (name, fields behind the checksum)
    0: ("bindingRefreshRequest", [("messageReserved", 16)]),                                        # RFC 6275, 6.1.2
    1: ("homeTestInit", [("messageReserved", 16), ("homeInitCookie", COOKIE)]),                     # 6.1.3
    2: ("careOfTestInit", [("messageReserved", 16), ("careOfInitCookie", COOKIE)]),                 # 6.1.4
    3: ("homeTest", [("homeNonceIndex", 16), ("homeInitCookie", COOKIE), ("homeKeygenToken", TOKEN)]),          # 6.1.5
    4: ("careOfTest", [("careOfNonceIndex", 16), ("careOfInitCookie", COOKIE), ("careOfKeygenToken", TOKEN)]),  # 6.1.6
    7: ("bindingError", [("status", 8), ("messageReserved", 8), ("homeAddress", "ipv6")]),          # 6.1.9
    13: ("heartbeat", [("flagsReserved", 14), ("unsolicited", "flag"), ("response", "flag"),        # RFC 5847, 3.3
                       ("sequenceNumber", 32)]),
}
IPV4_ANSWER = [("status", 8), ("prefixLen", 6), ("reserved", 2), ("ipv4HomeAddress", "ipv4")]


def identifier_alignment(length):
    """RFC 5213, 8.6 by RFC 6275, 6.2.1: the identifier, 4 octets into the option, falls on its natural boundary."""
    width = length - 2
    return (8, 4) if width and width % 8 == 0 else (4, 0) if width and width % 4 == 0 else (2, 0)


OPTIONS = {  # type: (name, lengths of the data or the least as a number, xn+y as (x, y) or by the length, fields)
    2: ("bindingRefreshAdvice", [2], (2, 0), [("refreshInterval", 16)]),                            # RFC 6275, 6.2.4
    4: ("nonceIndices", [4], (2, 0), [("homeNonceIndex", 16), ("careOfNonceIndex", 16)]),           # 6.2.6
    5: ("bindingAuthorizationData", 0, (8, 2), [("authenticator", "hex")]),                         # 6.2.7
    6: ("mobileNetworkPrefix", [18], (8, 4), [("reserved", 8), ("prefixLength", 8), ("mobileNetworkPrefix", "ipv6")]),  # RFC 3963
    9: ("mobilityMessageAuthentication", 5, (4, 1), [("subtype", 8), ("mobilitySpi", 32), ("authenticationData", "hex")]),  # RFC 4285, 5
    10: ("mobilityMessageReplayProtection", [8], (8, 2), [("timestamp", "hex8")]),                  # RFC 4285, 6
    25: ("mobileNodeLinkLayerIdentifier", 2, identifier_alignment, [("reserved", 16), ("linkLayerIdentifier", "hex")]),
    26: ("linkLocalAddress", [16], (8, 6), [("linkLocalAddress", "ipv6")]),                         # RFC 5213, 8.7
    28: ("restartCounter", [4], (4, 2), [("restartCounter", 32)]),                                  # RFC 5847, 3.4
    29: ("ipv4HomeAddress", [6], (4, 0), [("prefixLen", 6), ("mobileNetworkPrefixRequested", "flag"), ("reserved", 9),
                                          ("ipv4HomeAddress", "ipv4")]),                            # RFC 5555, 3.1.1
    30: ("ipv4AddressAcknowledgement", [6], (4, 0), IPV4_ANSWER),                                   # 3.2.1
    31: ("natDetection", [6], (4, 0), [("forcingUdpEncapsulation", "flag"), ("reserved", 15), ("refreshTime", 32)]),  # 3.2.2
    32: ("ipv4CareOfAddress", [6], (4, 0), [("reserved", 16), ("ipv4CareOfAddress", "ipv4")]),      # 3.1.2
    33: ("greKey", [2, 6], (4, 0), [("reserved", 16), ("greKeyIdentifier", "32?")]),                # RFC 5845, 6.1
    35: ("bindingIdentifier", [4, 8, 20], lambda length: (8, 2) if length > 4 else (2, 0),          # RFC 5648, 4.3
         [("bindingId", 16), ("status", 8), ("simultaneousHomeAndForeignBinding", "flag"), ("reserved", 7),
          ("careOfAddress", "address")]),
    38: ("ipv4DefaultRouterAddress", [6], (4, 0), [("reserved", 16), ("ipv4DefaultRouterAddress", "ipv4")]),  # RFC 5844, 3.3.3
    39: ("ipv4DhcpSupportMode", [2], (1, 0), [("reserved", 15), ("dhcpSupportMode", "flag")]),      # 3.3.4
}
WIDTHS = {"flag": 1, "ipv4": 32, "ipv6": 128, "hex8": 64, "32?": 32}
ADDRESSES = {"ipv4": ipaddress.IPv4Address, "ipv6": ipaddress.IPv6Address}


def fits(lengths, length):
    return length >= lengths if isinstance(lengths, int) else length in lengths


def width(kind):
    return kind if isinstance(kind, int) else WIDTHS[kind]


def size(fields):
    return sum(width(kind) for _, kind in fields) // 8


def read(fields, data):
    """Octets to a dict of fields."""
    found, at, value, bits = {}, 0, int.from_bytes(data, "big"), len(data) * 8
    for name, kind in fields:
        if kind in ("hex", "address"):
            rest = data[at // 8:]
            if kind == "hex":
                found[name] = rest.hex()
            elif rest:
                found[name] = str(ipaddress.ip_address(rest))
            continue
        if at == bits:                                                          # "32?"
            continue
        at += width(kind)
        number = value >> (bits - at) & ((1 << width(kind)) - 1)
        found[name] = (bool(number) if kind == "flag" else str(ADDRESSES[kind](number)) if kind in ADDRESSES
                       else f"{number:016x}" if kind == "hex8" else number)
    return found


def write(fields, item):
    """A dict of fields to octets; what is absent is zero, or missing where that is allowed."""
    value, bits, rest = 0, 0, b""
    for name, kind in fields:
        if kind == "hex":
            rest = bytes.fromhex(item.get(name, ""))
        elif kind == "address":
            rest = ipaddress.ip_address(item[name]).packed if name in item else b""
        elif kind != "32?" or name in item:
            given = item.get(name, 0)
            number = int(given, 16) if kind == "hex8" and given else int(ADDRESSES[kind](given)) if kind in ADDRESSES else int(given)
            value, bits = value << width(kind) | number, bits + width(kind)
    return value.to_bytes(bits // 8, "big") + rest
