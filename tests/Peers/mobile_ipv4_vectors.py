"""Vectors of Mobile IPv4 beyond RFC 5454: messages 4, 7 and 15 and the extensions of RFC 3024, 3115, 3519, 3543, 4433, 4721,
5177 and 5944. make_vectors.py writes the files. Every figure stands here as the RFC draws it, field by field."""
import ipaddress
import struct

import mobileip

KEY, SPI = "31323334353637383132333435363738", 256
HOME, AGENT, CARE_OF = "10.1.1.7", "192.0.2.1", "198.51.100.7"
IDENTIFICATION = "eb1f040012345678"
STAMP = 0x67748580                                                              # 2025-01-01 00:00:00 UTC, in seconds since 1970
NAI = {"name": "mobileNodeNai", "mnNai": "mn7@example.com"}

# A width in bits; "flag", "ipv4", "identification" (64 bits as hex), "hex" and "text" (up to the end).
SPI_AND_AUTHENTICATOR = [("spi", 32), ("authenticator", "hex")]
MESSAGES = {
    "registrationRequest": (1, [*((name, "flag") for name in mobileip.REQUEST_FLAGS), ("lifetime", 16), ("homeAddress", "ipv4"),
                                ("homeAgent", "ipv4"), ("careOfAddress", "ipv4"), ("identification", "identification")]),
    "registrationReply": (3, [("code", 8), ("lifetime", 16), ("homeAddress", "ipv4"), ("homeAgent", "ipv4"),
                              ("identification", "identification")]),           # RFC 5944, 3.3 and 3.4
    "tunnelData": (4, [("nextHeader", 8), ("reserved", 16)]),                   # RFC 3519, 3.3
    "registrationRevocation": (7, [("reserved", 8), ("agent", "flag"), ("inform", "flag"), ("flagsReserved", 14),
                                   ("homeAddress", "ipv4"), ("homeDomainAddress", "ipv4"), ("foreignDomainAddress", "ipv4"),
                                   ("revocationIdentifier", 32)]),              # RFC 3543, 3.3
    "registrationRevocationAcknowledgment": (15, [("reserved", 8), ("inform", "flag"), ("flagsReserved", 15),
                                                  ("homeAddress", "ipv4"), ("revocationIdentifier", 32)]),      # RFC 3543, 3.4
}
EXTENSIONS = {  # name: (type, long form, fields after the length; in the long form the first one stands before the length)
    "mobileHomeAuthentication": (32, False, SPI_AND_AUTHENTICATOR),             # RFC 5944, 3.5.2
    "mobileForeignAuthentication": (33, False, SPI_AND_AUTHENTICATOR),          # RFC 5944, 3.5.3
    "foreignHomeAuthentication": (34, False, SPI_AND_AUTHENTICATOR),            # RFC 5944, 3.5.4
    "generalizedMobileIPAuthentication": (36, True, [("subtype", 8), *SPI_AND_AUTHENTICATOR]),                  # RFC 4721, 5
    "criticalVendorOrganizationSpecific": (38, True, [("reserved", 8), ("vendorOrganizationId", 32), ("vendorType", 16),
                                                      ("vendorValue", "hex")]),                                 # RFC 3115, 2.1
    "udpTunnelReply": (44, False, [("subtype", 8), ("replyCode", 8), ("forced", "flag"), ("reserved", 15),
                                   ("keepaliveInterval", 16)]),                 # RFC 3519, 3.2
    "encapsulatingDeliveryStyle": (130, False, []),                             # RFC 3024, 3.3
    "mobileNodeNai": (131, False, [("mnNai", "text")]),                         # RFC 2794, 2
    "mnFaChallenge": (132, False, [("challenge", "hex")]),                      # RFC 4721, 4
    "normalVendorOrganizationSpecific": (134, False, [("reserved", 16), ("vendorOrganizationId", 32), ("vendorType", 16),
                                                      ("vendorValue", "hex")]),                                 # RFC 3115, 2.2
    "revocationSupport": (137, False, [("inform", "flag"), ("reserved", 15), ("timestamp", 32)]),               # RFC 3543, 3.2
    "dynamicHA": (139, False, [("subtype", 8), ("homeAgent", "ipv4")]),         # RFC 4433
    "udpTunnelRequest": (144, False, [("subtype", 8), ("reserved1", 8), ("force", "flag"),
                                      ("registrationThroughForeignAgentRequired", "flag"), ("reserved2", 6), ("encapsulation", 8),
                                      ("reserved3", 16)]),                      # RFC 3519, 3.1
    "mobileNetworkRequest": (148, False, [("subtype", 8), ("prefixLength", 8), ("prefix", "ipv4")]),            # RFC 5177
    "mobileNetworkAcknowledgement": (148, False, [("subtype", 8), ("code", 8), ("prefixLength", 8), ("reserved", 8),
                                                  ("prefix", "ipv4")]),         # RFC 5177
}


def pack(figure, values):
    """The octets of a figure and every value of it; those that are not given are zero, empty or false."""
    bits, rest, said = "", b"", {}
    for name, width in figure:
        value = values.get(name, {"flag": False, "ipv4": "0.0.0.0", "identification": "0" * 16, "hex": "", "text": ""}.get(width, 0))
        said[name] = value
        if width == "hex":
            rest = bytes.fromhex(value)
        elif width == "text":
            rest = value.encode("utf-8")
        elif width == "ipv4":
            bits += f"{int(ipaddress.IPv4Address(value)):032b}"
        else:
            number = int(value, 16) if width == "identification" else int(value)
            bits += f"{number:0{ {'flag': 1, 'identification': 64}.get(width, width)}b}"
    return int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:] + rest, said


def extension(item, at):
    """The octets of an extension that begins at an offset, and what is to be said of it."""
    name = item["name"]
    if name == "unknown":
        data = bytes.fromhex(item["data"])
        said = {"type": item["type"], "name": name, "offset": at, "length": len(data)}
        if "subtype" in item:                                                   # the long form: RFC 5944, 1.10
            head = struct.pack("!BBH", item["type"], item["subtype"], len(data))
            said["subtype"] = item["subtype"]
        else:
            head = struct.pack("!BB", item["type"], len(data))
        return head + data, {**said, "data": item["data"], "skippable": item["type"] >= 128}
    kind, is_long, figure = EXTENSIONS[name]
    data, said = pack(figure, item)
    length = len(data) - is_long
    head = struct.pack("!BBH", kind, data[0], length) if is_long else struct.pack("!BB", kind, length)
    return head + data[is_long:], {"type": kind, "name": name, "offset": at, "length": length, **said}


def protect(octets, protection, valid):
    """The authentication extension that follows these octets: (its name, a subtype or None, the algorithm)."""
    name, subtype, algorithm = protection
    size = mobileip.DIGESTS[algorithm]().digest_size
    item = {"name": name, "spi": SPI, "authenticator": "00" * size, **({"subtype": subtype} if subtype is not None else {})}
    covered = octets + extension(item, 0)[0][:-size]
    authenticator = mobileip.authenticator(covered, algorithm, bytes.fromhex(KEY))
    return {**item, "authenticator": (authenticator if valid else bytes([authenticator[0] ^ 0x80]) + authenticator[1:]).hex()}


def message(name, rfc, kind, fields, extensions=(), protection=(), canonical=True, valid=True):
    """A message. A tuple among the extensions is a protection as well; the last one is that which the vector tells the key of."""
    code, figure = MESSAGES[kind]
    octets, said = pack([("type", 8), *figure], {"type": code, **fields})
    vector = {"name": name, "rfc": rfc, "message": kind, "type": code, "hex": "", "canonical": canonical, "fields": said, "extensions": []}
    for item in (*extensions, *protection):
        is_protection = isinstance(item, tuple)
        more, saying = extension(protect(octets, item, valid) if is_protection else item, len(octets))
        octets += more
        vector["extensions"].append(saying)
        if is_protection:
            vector.update(algorithm=item[2], key=KEY, spi=SPI, authentication=saying["type"], authenticatorValid=valid)
    return {**vector, "hex": octets.hex()}


MOBILE_HOME, MOBILE_FOREIGN, FOREIGN_HOME = (
    (name, None, "md5") for name in ("mobileHomeAuthentication", "mobileForeignAuthentication", "foreignHomeAuthentication"))


def request(name, rfc, extensions=(), protection=(MOBILE_HOME,), **more):
    fields = {"reverseTunneling": True, "lifetime": 1800, "homeAddress": HOME, "homeAgent": AGENT, "careOfAddress": CARE_OF,
              "identification": IDENTIFICATION, **more.pop("fields", {})}
    return message(name, rfc, "registrationRequest", fields, extensions, protection, **more)


def reply(name, rfc, extensions=(), protection=(MOBILE_HOME,), **more):
    fields = {"lifetime": 1800, "homeAddress": HOME, "homeAgent": AGENT, "identification": IDENTIFICATION, **more.pop("fields", {})}
    return message(name, rfc, "registrationReply", fields, extensions, protection, **more)


def refused(name, rfc, code, **more):
    return reply(name, rfc, fields={"code": code, "lifetime": 0}, protection=() if code in (*range(64, 128), 194) else (MOBILE_HOME,), **more)


def rfc3024():
    style = {"name": "encapsulatingDeliveryStyle"}
    yield request("request-encapsulating-delivery-style", "RFC 3024, 3.3", [NAI, MOBILE_HOME, style], [MOBILE_FOREIGN])
    yield request("request-encapsulating-delivery-style-at-the-end", "RFC 3024, 3.3", [MOBILE_HOME, style], [])
    for code in (74, 75, 76, 79, 137, 138, 139):
        yield refused(f"reply-denied-{code}", "RFC 3024, 3.4", code)


def rfc3115():
    critical = {"name": "criticalVendorOrganizationSpecific", "vendorOrganizationId": 32473, "vendorType": 258, "vendorValue": "0a0b0c"}
    normal = {**critical, "name": "normalVendorOrganizationSpecific"}
    yield request("request-critical", "RFC 3115, 2.1", [critical, NAI])
    yield request("request-critical-without-value", "RFC 3115, 2.1", [{**critical, "vendorValue": ""}, NAI])
    yield request("request-critical-of-512-octets", "RFC 3115, 2.1", [{**critical, "vendorValue": "5a" * 506}, NAI])
    yield request("request-critical-reserved-set", "RFC 3115, 2.1", [{**critical, "reserved": 165}, NAI], canonical=False)
    yield request("request-normal", "RFC 3115, 2.2", [normal, NAI])
    yield request("request-normal-of-255-octets", "RFC 3115, 2.2", [{**normal, "vendorValue": "a5" * 247}, NAI])
    yield request("request-normal-reserved-set", "RFC 3115, 2.2", [{**normal, "reserved": 0x1234}, NAI], canonical=False)
    for code in (100, 101, 140, 141):
        yield refused(f"reply-denied-{code}", "RFC 3115, 2.1", code)


def rfc3519():
    ask, answer = {"name": "udpTunnelRequest"}, {"name": "udpTunnelReply", "keepaliveInterval": 110}
    co_located = {"fields": {"decapsulationByMobileNode": True}}
    for value, name in ((0, "as-requested"), (4, "ip"), (47, "gre"), (55, "minimal")):
        yield request(f"request-udp-tunnel-{name}", "RFC 3519, 3.1.4", [{**ask, "encapsulation": value}], **co_located)
    yield request("request-udp-tunnel-force", "RFC 3519, 3.1.1", [{**ask, "force": True}], **co_located)
    yield request("request-udp-tunnel-through-foreign-agent", "RFC 3519, 3.1.2", [
        {**ask, "registrationThroughForeignAgentRequired": True}], **co_located)
    yield request("request-udp-tunnel-of-foreign-agent", "RFC 3519, 4.5", [MOBILE_HOME, ask], [FOREIGN_HOME])
    yield request("request-udp-tunnel-reserved-1-and-2-set", "RFC 3519, 3.1.3", [{**ask, "reserved1": 165, "reserved2": 42}],
                  canonical=False, **co_located)
    yield request("request-udp-tunnel-reserved-3-set", "RFC 3519, 3.1.3", [{**ask, "reserved3": 1}], canonical=False, **co_located)
    yield reply("reply-udp-tunnel", "RFC 3519, 3.2", [answer])
    yield reply("reply-udp-tunnel-forced", "RFC 3519, 3.2", [{**answer, "forced": True}])
    yield reply("reply-udp-tunnel-default-interval", "RFC 3519, 3.2", [{**answer, "keepaliveInterval": 0}])
    yield reply("reply-udp-tunnel-declined", "RFC 3519, 3.2.1", [{**answer, "replyCode": 64, "keepaliveInterval": 0}])
    yield reply("reply-udp-tunnel-reserved-set", "RFC 3519, 3.2", [{**answer, "reserved": 0x7fff}], canonical=False)
    yield refused("reply-denied-142", "RFC 3519, 3.5", 142)
    # 10.1.1.7 to 192.0.2.1: an echo request of 8 octets, its answer, and the echo request in GRE
    echo = "4500001c000100004001add70a010107c00002010800f7fd00010001"
    for name, next_header, payload in (("keepalive-request", 4, echo),
                                       ("keepalive-reply", 4, "4500001c000100004001add7c00002010a0101070000fffd00010001"),
                                       ("gre", 47, "00000800" + echo)):
        vector = message(f"tunnel-data-{name}", "RFC 3519, 4.9" if "keepalive" in name else "RFC 3519, 3.3", "tunnelData", {"nextHeader": next_header})
        del vector["extensions"]
        yield {**vector, "hex": vector["hex"] + payload, "payload": payload}


def revocation(name, section, fields, protection=(FOREIGN_HOME,), extensions=(), **more):
    fields = {"homeAddress": HOME, "homeDomainAddress": AGENT, "foreignDomainAddress": CARE_OF, "revocationIdentifier": STAMP, **fields}
    return message(name, f"RFC 3543, {section}", "registrationRevocation", fields, extensions, protection, **more)


def acknowledgment(name, section, fields, protection=(FOREIGN_HOME,), **more):
    fields = {"homeAddress": HOME, "revocationIdentifier": STAMP, **fields}
    return message(name, f"RFC 3543, {section}", "registrationRevocationAcknowledgment", fields, (), protection, **more)


def rfc3543():
    support = {"name": "revocationSupport", "timestamp": STAMP}
    yield request("request-revocation-support", "RFC 3543, 3.2", [MOBILE_HOME, support], [FOREIGN_HOME])
    yield request("request-revocation-support-inform", "RFC 3543, 3.2", [MOBILE_HOME, {**support, "inform": True}], [FOREIGN_HOME])
    yield request("request-revocation-support-reserved-set", "RFC 3543, 3.2", [MOBILE_HOME, {**support, "reserved": 0x7fff}], [FOREIGN_HOME], canonical=False)
    yield request("request-revocation-support-direct", "RFC 3543, 3.2", [support], fields={"decapsulationByMobileNode": True})
    yield reply("reply-revocation-support-inform", "RFC 3543, 3.2", [MOBILE_HOME, {**support, "inform": True}], [FOREIGN_HOME])
    yield revocation("revocation-by-home-agent", "3.3", {"agent": True})
    yield revocation("revocation-by-home-agent-inform", "3.3", {"agent": True, "inform": True})
    yield revocation("revocation-by-foreign-agent", "3.3", {})
    yield revocation("revocation-by-foreign-agent-inform", "3.3", {"inform": True})
    yield revocation("revocation-of-direct-mobile-node", "3.3", {"agent": True, "inform": True}, [MOBILE_HOME])
    for algorithm in ("sha1", "sha256"):
        yield revocation(f"revocation-{algorithm}", "3.3", {"agent": True}, [("foreignHomeAuthentication", None, algorithm)])
    yield revocation("revocation-unknown-skippable-extension", "3.3", {"agent": True}, extensions=[{"name": "unknown", "type": 200, "data": "0102"}])
    yield revocation("revocation-reserved-set", "3.3", {"reserved": 255, "flagsReserved": 0x3fff}, canonical=False)
    yield revocation("revocation-wrong-authenticator", "3.3", {"agent": True}, valid=False, canonical=False)
    yield acknowledgment("acknowledgment", "3.4", {})
    yield acknowledgment("acknowledgment-informed", "3.4", {"inform": True})
    yield acknowledgment("acknowledgment-of-direct-mobile-node", "3.4", {"inform": True}, [MOBILE_HOME])
    yield acknowledgment("acknowledgment-reserved-set", "3.4", {"reserved": 255, "flagsReserved": 0x7fff}, canonical=False)
    yield acknowledgment("acknowledgment-wrong-authenticator", "3.4", {}, valid=False, canonical=False)


def rfc4433():
    dynamic = {"name": "dynamicHA", "homeAgent": "192.0.2.9"}
    yield request("request-requested-home-agent", "RFC 4433", [{**dynamic, "subtype": 1}, NAI], fields={"homeAgent": "255.255.255.255"})
    yield refused("reply-redirected-home-agent", "RFC 4433", 143, extensions=[{**dynamic, "subtype": 2}])
    yield refused("reply-denied-90", "RFC 4433", 90)


def rfc4721():
    challenge = {"name": "mnFaChallenge", "challenge": "c1c2c3c4c5c6c7c8"}
    yield request("request-challenge", "RFC 4721, 4", [NAI, MOBILE_HOME, challenge], [MOBILE_FOREIGN])
    for subtype in (1, 2, 3, 4):
        yield request(f"request-generalized-authentication-{subtype}", "RFC 4721, 5", [NAI, challenge], [
            ("generalizedMobileIPAuthentication", subtype, "md5")])
    yield request("request-generalized-authentication-sha256", "RFC 4721, 5", [NAI, challenge], [
        ("generalizedMobileIPAuthentication", 1, "sha256")])
    yield request("request-generalized-authentication-wrong", "RFC 4721, 5", [NAI], [("generalizedMobileIPAuthentication", 1, "md5")],
                  valid=False, canonical=False)
    for code in (104, 105, 106, 108, 109, 144):
        yield refused(f"reply-denied-{code}", "RFC 4721, 10", code)


def rfc5177():
    ask = {"name": "mobileNetworkRequest", "prefixLength": 24, "prefix": "10.9.8.0"}
    yield request("request-mobile-network", "RFC 5177", [ask])
    yield request("request-two-mobile-networks", "RFC 5177", [ask, {**ask, "prefixLength": 16, "prefix": "10.10.0.0"}])
    for code in (0, 1, 2, 3):
        yield reply(f"reply-mobile-network-explicit-{code}", "RFC 5177", [
            {**ask, "name": "mobileNetworkAcknowledgement", "subtype": 1, "code": code}])
    yield reply("reply-mobile-network-implicit", "RFC 5177", [{**ask, "name": "mobileNetworkAcknowledgement", "subtype": 2}])
    yield reply("reply-mobile-network-reserved-set", "RFC 5177", [
        {**ask, "name": "mobileNetworkAcknowledgement", "subtype": 1, "reserved": 255}], canonical=False)


def rfc5944():
    for algorithm in ("md5", "sha1", "sha256"):
        yield request(f"request-mobile-home-{algorithm}", "RFC 5944, 3.5.2", [NAI], [("mobileHomeAuthentication", None, algorithm)])
        for name, section, which in (("mobile-foreign", "3.5.3", "mobileForeignAuthentication"),
                                     ("foreign-home", "3.5.4", "foreignHomeAuthentication")):
            yield request(f"request-{name}-{algorithm}", f"RFC 5944, {section}", [NAI, MOBILE_HOME], [(which, None, algorithm)])
    yield reply("reply-mobile-home-and-foreign-home", "RFC 5944, 3.8.3.3", [NAI], [MOBILE_HOME, FOREIGN_HOME])
    yield request("request-wrong-foreign-home", "RFC 5944, 3.5.4", [NAI], [FOREIGN_HOME], valid=False, canonical=False)
    yield request("request-unknown-long-extension", "RFC 5944, 1.10", [{"name": "unknown", "type": 47, "subtype": 1, "data": "02"}, NAI])
    yield request("request-unknown-long-extension-of-300-octets", "RFC 5944, 1.10", [
        {"name": "unknown", "type": 47, "subtype": 200, "data": "77" * 300}, NAI])
    for code in (64, 65, 66, 67, 68, 69, 70, 71, 72, 77, 78, 80, 81, 82, 88, 132, 194):
        yield refused(f"reply-denied-{code}", "RFC 5944, 3.4", code)
    for code in (96, 97, 98, 99):
        yield refused(f"reply-denied-{code}", "RFC 2794, 5", code)


FILES = {make.__name__: make for make in (rfc3024, rfc3115, rfc3519, rfc3543, rfc4433, rfc4721, rfc5177, rfc5944)}

# What tshark calls the fields; each extension takes the first value that is left. It has no fields of 130, and of 132 the raw octets.
TSHARK_FIELDS = {
    "tunnelData": {"type": "mip.type", "nextHeader": "mip.nattt.nexthdr", "reserved": "mip.nattt.reserved"},
    "registrationRevocation": {"type": "mip.type", "agent": "mip.rev.a", "inform": "mip.rev.i", "flagsReserved": "mip.rev.reserved2",
                               "homeAddress": "mip.homeaddr", "homeDomainAddress": "mip.rev.hda",
                               "foreignDomainAddress": "mip.rev.fda", "revocationIdentifier": "mip.revid"},
    "registrationRevocationAcknowledgment": {"type": "mip.type", "reserved": "mip.ack.reserved", "inform": "mip.ack.i",
                                             "flagsReserved": "mip.ack.reserved2", "homeAddress": "mip.homeaddr",
                                             "revocationIdentifier": "mip.revid"},
}
TSHARK_ITEMS = {
    36: {"subtype": "mip.ext.auth.subtype"},
    38: {"reserved": "mip.ext.cvse.reserved", "vendorOrganizationId": "mip.ext.cvse.vendor_id", "vendorType": "mip.ext.cvse.vendor_type",
         "vendorValue": "mip.ext.cvse.vendor_value"},
    44: {"subtype": "mip.ext.utrp.subtype", "replyCode": "mip.ext.utrp.code", "forced": "mip.ext.utrp.f",
         "reserved": "mip.ext.utrp.reserved", "keepaliveInterval": "mip.ext.utrp.keepalive"},
    47: {"subtype": "mip.ext.pmipv4nonskipext.subtype"},
    132: {"challenge": "mip.extension"},
    134: {"reserved": "mip.ext.nvse.reserved", "vendorOrganizationId": "mip.ext.nvse.vendor_id", "vendorType": "mip.ext.nvse.vendor_type",
          "vendorValue": "mip.ext.nvse.vendor_value"},
    137: {"inform": "mip.ext.rev.i", "reserved": "mip.ext.rev.reserved", "timestamp": "mip.ext.rev.tstamp"},
    139: {"subtype": "mip.ext.dynha.subtype", "homeAgent": "mip.ext.dynha.ha"},
    144: {"subtype": "mip.ext.utrq.subtype", "reserved1": "mip.ext.utrq.reserved1", "force": "mip.ext.utrq.f",
          "registrationThroughForeignAgentRequired": "mip.ext.utrq.r", "reserved2": "mip.ext.utrq.reserved2",
          "encapsulation": "mip.ext.utrq.encaptype", "reserved3": "mip.ext.utrq.reserved3"},
    148: {"subtype": "mip.ext.mne.subtype", "code": "mip.ext.mne.code", "prefixLength": "mip.ext.mne.prefix_length",
          "reserved": "mip.ext.mne.reserved", "prefix": "mip.ext.mne.prefix"},
}
