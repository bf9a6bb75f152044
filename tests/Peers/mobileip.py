"""Codecs for Mobile IPv4 registration messages and for Mobility Headers, written from the RFCs alone.

A message is a dict: {"message", "type", "fields": {...}, "extensions" | "options": [...]}. Field names are the RFCs'
words in camelCase. Addresses and prefixes are text, 64-bit values and opaque octets are lower-case hex, flags are
booleans, everything else is a number. decode() takes octets, encode() takes such a dict; absent fields are zero.
"""
import hashlib
import hmac
import ipaddress
import struct

import mobilityforms

REGISTRATION_REQUEST, REGISTRATION_REPLY = 1, 3                                 # RFC 5944, 1.8
BINDING_UPDATE, BINDING_ACKNOWLEDGEMENT, BINDING_REVOCATION = 5, 6, 16          # RFC 6275, 6.1.7, 6.1.8; RFC 5846, 5
INDICATION, ACKNOWLEDGEMENT = 1, 2                                              # Binding Revocation Type: RFC 5846, 5
NO_NEXT_HEADER, MOBILITY_HEADER = 59, 135                                       # RFC 6275, 6.1.1
NTP_EPOCH = 2208988800                                                          # 1970-01-01 in seconds since 1900


class Malformed(ValueError):
    """The octets are no such message; the text says which field and why."""


# ------------------------------------------------------------------------------------------------ small things

def ipv4(octets):
    return str(ipaddress.IPv4Address(bytes(octets)))


def ipv6(octets):
    return str(ipaddress.IPv6Address(bytes(octets)))


def packed4(text):
    return ipaddress.IPv4Address(text or "0.0.0.0").packed


def packed6(text):
    return ipaddress.IPv6Address(text or "::").packed


def put_text(item, name, octets):
    """A text field; octets that are not UTF-8 are kept as <name>Hex beside a readable form."""
    try:
        item[name] = octets.decode("utf-8")
    except UnicodeDecodeError:
        item[name], item[name + "Hex"] = octets.decode("utf-8", "backslashreplace"), octets.hex()


def get_text(item, name):
    return bytes.fromhex(item[name + "Hex"]) if name + "Hex" in item else item.get(name, "").encode("utf-8")


def flags(value, names, width):
    """Names the bits of a flags field from the most significant one; returns the dict and the unnamed rest."""
    named = {name: bool(value >> (width - 1 - i) & 1) for i, name in enumerate(names)}
    return named, value & ((1 << (width - len(names))) - 1)


def unflags(fields, names, width, rest):
    return sum(bool(fields.get(name)) << (width - 1 - i) for i, name in enumerate(names)) | rest


def network(prefix, length):
    """The prefix with the bits beyond its length cleared: they are ignored by the receiver (RFC 5454, 2.1)."""
    return ipaddress.IPv6Network((prefix, length), strict=False)


# ------------------------------------------------------------------------------------- Mobile IPv4: RFC 5944, 3.3, 3.4

REQUEST_FLAGS = ["simultaneousBindings", "broadcastDatagrams", "decapsulationByMobileNode", "minimalEncapsulation",
                 "greEncapsulation", "r", "reverseTunneling", "x"]              # S B D M G r T x
AUTHENTICATION = {32: "mobileHomeAuthentication", 33: "mobileForeignAuthentication", 34: "foreignHomeAuthentication"}
DSMIPV4 = {1: ("ipv6PrefixRequest", 18), 2: ("ipv6PrefixReply", 20), 3: ("ipv6TunnelingMode", 2)}   # RFC 5454, 2


def decode_registration(octets):
    if not octets:
        raise Malformed("empty datagram")
    kind = octets[0]
    if kind == REGISTRATION_REQUEST:
        if len(octets) < 24:
            raise Malformed(f"registration request of {len(octets)} octets: the fixed portion has 24 (RFC 5944, 3.3)")
        fields = {"type": kind}
        fields.update(flags(octets[1], REQUEST_FLAGS, 8)[0])
        fields["lifetime"] = struct.unpack_from("!H", octets, 2)[0]
        fields["homeAddress"], fields["homeAgent"] = ipv4(octets[4:8]), ipv4(octets[8:12])
        fields["careOfAddress"], fields["identification"] = ipv4(octets[12:16]), octets[16:24].hex()
        return {"message": "registrationRequest", "type": kind, "fields": fields, "extensions": extensions(octets, 24)}
    if kind == REGISTRATION_REPLY:
        if len(octets) < 20:
            raise Malformed(f"registration reply of {len(octets)} octets: the fixed portion has 20 (RFC 5944, 3.4)")
        fields = {"type": kind, "code": octets[1], "lifetime": struct.unpack_from("!H", octets, 2)[0],
                  "homeAddress": ipv4(octets[4:8]), "homeAgent": ipv4(octets[8:12]),
                  "identification": octets[12:20].hex()}
        return {"message": "registrationReply", "type": kind, "fields": fields, "extensions": extensions(octets, 20)}
    raise Malformed(f"message type {kind} is neither registration request nor reply (RFC 5944, 1.8)")


def extensions(octets, at):
    """The list of extensions ends with the datagram (RFC 5944, 1.8)."""
    found = []
    while at < len(octets):
        if octets[at] == 0:                                                     # one octet, no length (RFC 5944, 1.8)
            found.append({"type": 0, "name": "oneBytePadding", "offset": at})
            at += 1
            continue
        if at + 2 > len(octets):
            raise Malformed(f"extension type {octets[at]} at {at} has no length")
        length = octets[at + 1]
        if at + 2 + length > len(octets):
            raise Malformed(f"extension type {octets[at]} at {at}: length {length} goes beyond the datagram")
        found.append(extension(octets[at], octets[at + 2:at + 2 + length], at))
        at += 2 + length
    return found


def extension(kind, data, at):
    item = {"type": kind, "name": "unknown", "offset": at, "length": len(data)}
    if kind in AUTHENTICATION:                                                  # RFC 5944, 3.5.2 to 3.5.4
        if len(data) < 4:
            raise Malformed(f"authentication extension at {at}: length {len(data)} is less than the SPI")
        item.update(name=AUTHENTICATION[kind], spi=struct.unpack_from("!I", data)[0], authenticator=data[4:].hex())
    elif kind == 131:                                                           # RFC 2794, 2
        item["name"] = "mobileNodeNai"
        put_text(item, "mnNai", data)
    elif kind == 152 and data and data[0] in DSMIPV4:                           # RFC 5454, 2
        name, length = DSMIPV4[data[0]]
        if len(data) != length:
            raise Malformed(f"{name} at {at}: length {len(data)} is not {length}")
        item.update(name=name, subtype=data[0])
        if data[0] == 1:                                                        # 2.1
            item.update(prefixLength=data[1], mobileIPv6NetworkPrefix=ipv6(data[2:]))
        elif data[0] == 2:                                                      # 2.2
            item.update(code=data[1], prefixLength=data[2], reserved=data[3], mobileIPv6NetworkPrefix=ipv6(data[4:]))
        else:                                                                   # 2.3
            item["reserved"] = data[1]
    elif kind == 152 and data:                                                  # a subtype to be defined: skipped
        item.update(subtype=data[0], data=data[1:].hex(), skippable=True)
    else:                                                                       # RFC 5944, 1.8
        item.update(data=data.hex(), skippable=kind >= 128)
    return item


def encode_extension(item):
    kind = item["type"]
    if kind == 0:
        return b"\0"
    if kind in AUTHENTICATION:
        data = struct.pack("!I", item["spi"]) + bytes.fromhex(item["authenticator"])
    elif kind == 131:
        data = get_text(item, "mnNai")
    elif kind == 152 and item.get("subtype") == 1:
        data = bytes([1, item["prefixLength"]]) + packed6(item["mobileIPv6NetworkPrefix"])
    elif kind == 152 and item.get("subtype") == 2:
        data = bytes([2, item["code"], item["prefixLength"], item.get("reserved", 0)])
        data += packed6(item["mobileIPv6NetworkPrefix"])
    elif kind == 152 and item.get("subtype") == 3:
        data = bytes([3, item.get("reserved", 0)])
    else:
        data = bytes([item["subtype"]] if "subtype" in item else []) + bytes.fromhex(item.get("data", ""))
    return bytes([kind, len(data)]) + data


def encode_registration(message):
    fields, kind = message["fields"], message["type"]
    addresses = packed4(fields.get("homeAddress")) + packed4(fields.get("homeAgent"))
    identification = bytes.fromhex(fields.get("identification", "0" * 16))
    if kind == REGISTRATION_REQUEST:
        octets = struct.pack("!BBH", kind, unflags(fields, REQUEST_FLAGS, 8, 0), fields.get("lifetime", 0))
        octets += addresses + packed4(fields.get("careOfAddress")) + identification
    else:
        octets = struct.pack("!BBH", kind, fields.get("code", 0), fields.get("lifetime", 0))
        octets += addresses + identification
    return octets + b"".join(encode_extension(item) for item in message.get("extensions", []))


# -------------------------------------------------------------------------------- authentication: RFC 5944, 3.5.1, 5.1

DIGESTS = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256}


def authenticator(covered, algorithm, key):
    """The HMAC over the UDP payload up to and with the type, length and SPI of the authentication extension."""
    return hmac.new(key, covered, DIGESTS[algorithm]).digest()


def authenticate(octets, algorithm, key, spi):
    """Appends the Mobile-Home Authentication extension (type 32)."""
    covered = octets + struct.pack("!BBI", 32, 4 + DIGESTS[algorithm]().digest_size, spi)
    return covered + authenticator(covered, algorithm, key)


def mobile_home_authentication(message):
    """The first extension of type 32, or None."""
    return next((item for item in message["extensions"] if item["type"] == 32), None)


def verify(octets, item, algorithm, key):
    expected = authenticator(octets[:item["offset"] + 6], algorithm, key)
    return hmac.compare_digest(expected, bytes.fromhex(item["authenticator"]))


def ntp(seconds):
    """Seconds since 1970 as the 64 bits of an NTP timestamp (RFC 5944, 5.7.1)."""
    return int((seconds + NTP_EPOCH) * (1 << 32)) & ((1 << 64) - 1)


# ----------------------------------------------------------------------------------- Mobility Header: RFC 6275, 6.1, 6.2

UPDATE_FLAGS = ["acknowledge", "homeRegistration", "linkLocalAddressCompatibility", "keyManagementMobilityCapability",
                "mapRegistration", "mobileRouter", "proxyRegistration", "forceUdpEncapsulationRequest"]
                # A H L K: RFC 6275, 6.1.7; M R P: RFC 5213, 8.1; F: RFC 5555, 3.1.3
ACKNOWLEDGEMENT_FLAGS = ["keyManagementMobilityCapability", "mobileRouter", "proxyRegistration"]    # K R P: RFC 5213, 8.2
REVOCATION_FLAGS = ["proxyBinding", "ipv4HoaBindingOnly", "global"]             # P V G: RFC 5846, 5.1, 5.2

OPTIONS = {  # type: (name, data length or None, alignment as (x, y) for xn+y)
    3: ("alternateCareOfAddress", 16, (8, 6)),                                  # RFC 6275, 6.2.5
    8: ("mobileNodeIdentifier", None, (1, 0)),                                  # RFC 4283, 3
    22: ("homeNetworkPrefix", 18, (8, 4)),                                      # RFC 5213, 8.3
    23: ("handoffIndicator", 2, (1, 0)),                                        # RFC 5213, 8.4
    24: ("accessTechnologyType", 2, (1, 0)),                                    # RFC 5213, 8.5
    27: ("timestamp", 8, (8, 2)),                                               # RFC 5213, 8.8
    36: ("ipv4HomeAddressRequest", 6, (4, 0)),                                  # RFC 5844, 3.3.1
    37: ("ipv4HomeAddressReply", 6, (4, 0)),                                    # RFC 5844, 3.3.2
}


def alignment(item, length):
    """xn+y as (x, y) for an option whose data has this length."""
    if item["type"] in mobilityforms.OPTIONS:
        by_type = mobilityforms.OPTIONS[item["type"]][2]
        return by_type(length) if callable(by_type) else by_type
    return OPTIONS.get(item["type"], ("", 0, (1, 0)))[2]


def decode_mobility(octets):
    if len(octets) < 8:
        raise Malformed(f"mobility header of {len(octets)} octets: the shortest has 8 (RFC 6275, 6.1.1)")
    proto, header_length, kind, reserved, checksum = struct.unpack_from("!BBBBH", octets)
    size = 8 + 8 * header_length
    if size > len(octets):
        raise Malformed(f"header len {header_length} means {size} octets, there are {len(octets)}")
    fields = {"payloadProto": proto, "headerLen": header_length, "mhType": kind, "reserved": reserved,
              "checksum": checksum}
    if kind in mobilityforms.MESSAGES:
        name, form = mobilityforms.MESSAGES[kind]
        end = 6 + mobilityforms.size(form)
        if size < end:
            raise Malformed(f"header len {header_length} is too short for mobility header type {kind} (RFC 6275, 9.2)")
        fields.update(mobilityforms.read(form, octets[6:end]))
        return mobility_message(name, kind, fields, octets, size, end)
    if kind not in (BINDING_UPDATE, BINDING_ACKNOWLEDGEMENT, BINDING_REVOCATION):
        return {"message": "unknown", "type": kind, "fields": fields, "data": octets[6:size].hex(), "options": []}
    if size < 12:
        raise Malformed(f"header len {header_length} is too short for mobility header type {kind} (RFC 6275, 9.2)")
    if kind == BINDING_UPDATE:                                                  # RFC 6275, 6.1.7
        name = "bindingUpdate"
        fields["sequenceNumber"], bits, lifetime = struct.unpack_from("!HHH", octets, 6)
        named, fields["flagsReserved"] = flags(bits, UPDATE_FLAGS, 16)
        fields.update(named, lifetime=lifetime)
    elif kind == BINDING_ACKNOWLEDGEMENT:                                       # RFC 6275, 6.1.8
        name = "bindingAcknowledgement"
        fields["status"], bits, sequence, lifetime = struct.unpack_from("!BBHH", octets, 6)
        named, fields["flagsReserved"] = flags(bits, ACKNOWLEDGEMENT_FLAGS, 8)
        fields.update(named, sequenceNumber=sequence, lifetime=lifetime)
    else:                                                                       # RFC 5846, 5
        revocation, value, sequence, bits = struct.unpack_from("!BBHH", octets, 6)
        fields["bindingRevocationType"] = revocation
        if revocation not in (INDICATION, ACKNOWLEDGEMENT):
            raise Malformed(f"binding revocation type {revocation} is unassigned (RFC 5846, 5)")
        name = "bindingRevocationIndication" if revocation == INDICATION else "bindingRevocationAcknowledgement"
        fields["revocationTrigger" if revocation == INDICATION else "status"] = value
        named, fields["flagsReserved"] = flags(bits, REVOCATION_FLAGS, 16)
        fields.update(named, sequenceNumber=sequence)
    return mobility_message(name, kind, fields, octets, size, 12)


def mobility_message(name, kind, fields, octets, size, end):
    message = {"message": name, "type": kind, "fields": fields, "options": options(octets[:size], end)}
    if size < len(octets):
        message["trailingData"] = octets[size:].hex()
    return message


def options(octets, at):
    found = []
    while at < len(octets):
        kind = octets[at]
        if kind == 0:                                                           # RFC 6275, 6.2.2
            found.append({"type": 0, "name": "pad1", "offset": at})
            at += 1
            continue
        if at + 2 > len(octets):
            raise Malformed(f"option type {kind} at {at} has no length")
        length = octets[at + 1]
        if at + 2 + length > len(octets):
            raise Malformed(f"option type {kind} at {at}: length {length} goes beyond the header")
        found.append(option(kind, octets[at + 2:at + 2 + length], at))
        at += 2 + length
    return found


def option(kind, data, at):
    item = {"type": kind, "name": "unknown", "offset": at, "length": len(data)}
    if kind == 1:                                                               # RFC 6275, 6.2.3
        item.update(name="padN", data=data.hex())
        return item
    if kind in mobilityforms.OPTIONS:
        item["name"], lengths, _, form = mobilityforms.OPTIONS[kind]
        if not mobilityforms.fits(lengths, len(data)):
            raise Malformed(f"{item['name']} at {at}: length {len(data)} is not {lengths}")
        item.update(mobilityforms.read(form, data))
        return item
    if kind not in OPTIONS:
        item["data"] = data.hex()
        return item
    item["name"], length, _ = OPTIONS[kind]
    if length not in (None, len(data)):
        raise Malformed(f"{item['name']} at {at}: length {len(data)} is not {length}")
    if kind == 3:
        item["alternateCareOfAddress"] = ipv6(data)
    elif kind == 8:
        if not data:
            raise Malformed(f"mobileNodeIdentifier at {at} has no subtype")
        item["subtype"] = data[0]
        put_text(item, "identifier", data[1:])
    elif kind == 22:
        item.update(reserved=data[0], prefixLength=data[1], homeNetworkPrefix=ipv6(data[2:]))
    elif kind in (23, 24):
        item.update({"reserved": data[0], item["name"]: data[1]})
    elif kind == 27:
        item["timestamp"] = data.hex()
    elif kind == 36:
        bits = struct.unpack_from("!H", data)[0]
        item.update(prefixLen=bits >> 10, reserved=bits & 0x3ff, ipv4HomeAddress=ipv4(data[2:]))
    else:
        item.update(status=data[0], prefixLen=data[1] >> 2, reserved=data[1] & 3, ipv4HomeAddress=ipv4(data[2:]))
    return item


def encode_option(item):
    kind = item["type"]
    if kind == 0:
        return b"\0"
    if kind in mobilityforms.OPTIONS:
        data = mobilityforms.write(mobilityforms.OPTIONS[kind][3], item)
    elif kind == 3:
        data = packed6(item["alternateCareOfAddress"])
    elif kind == 8:
        data = bytes([item.get("subtype", 1)]) + get_text(item, "identifier")
    elif kind == 22:
        data = bytes([item.get("reserved", 0), item["prefixLength"]]) + packed6(item["homeNetworkPrefix"])
    elif kind in (23, 24):
        data = bytes([item.get("reserved", 0), item[OPTIONS[kind][0]]])
    elif kind == 27:
        data = bytes.fromhex(item["timestamp"])
    elif kind == 36:
        data = struct.pack("!H", item.get("prefixLen", 0) << 10 | item.get("reserved", 0))
        data += packed4(item.get("ipv4HomeAddress"))
    elif kind == 37:
        data = bytes([item.get("status", 0), item.get("prefixLen", 0) << 2 | item.get("reserved", 0)])
        data += packed4(item.get("ipv4HomeAddress"))
    else:
        data = bytes.fromhex(item.get("data", ""))
    return bytes([kind, len(data)]) + data


def padding(count):
    """Pad1 for one octet, PadN of count - 2 zero octets for more (RFC 6275, 6.2.2 and 6.2.3)."""
    return b"" if count == 0 else b"\0" if count == 1 else bytes([1, count - 2]) + bytes(count - 2)


def encode_mobility(message, align=True):
    """The Mobility Header with its checksum as given (zero in UDP: RFC 5844, 4.1.3.2). With align, padding is put where
    the options and the total length need it; without, the options stand exactly as listed."""
    fields, kind = message["fields"], message["type"]
    if kind in mobilityforms.MESSAGES:
        data = mobilityforms.write(mobilityforms.MESSAGES[kind][1], fields)
    elif kind == BINDING_UPDATE:
        bits = unflags(fields, UPDATE_FLAGS, 16, fields.get("flagsReserved", 0))
        data = struct.pack("!HHH", fields.get("sequenceNumber", 0), bits, fields.get("lifetime", 0))
    elif kind == BINDING_ACKNOWLEDGEMENT:
        bits = unflags(fields, ACKNOWLEDGEMENT_FLAGS, 8, fields.get("flagsReserved", 0))
        data = struct.pack("!BBHH", fields.get("status", 0), bits, fields.get("sequenceNumber", 0),
                           fields.get("lifetime", 0))
    else:
        indication = message["message"] == "bindingRevocationIndication"
        bits = unflags(fields, REVOCATION_FLAGS, 16, fields.get("flagsReserved", 0))
        value = fields.get("revocationTrigger" if indication else "status", 0)
        data = struct.pack("!BBHH", INDICATION if indication else ACKNOWLEDGEMENT, value,
                           fields.get("sequenceNumber", 0), bits)
    octets = bytes(6) + data
    for item in message.get("options", []):
        if align and item["type"] in (0, 1):
            continue
        encoded = encode_option(item)
        if align:
            modulus, remainder = alignment(item, len(encoded) - 2)
            octets += padding((remainder - len(octets)) % modulus)
        octets += encoded
    octets += padding(-len(octets) % 8)
    head = struct.pack("!BBBBH", fields.get("payloadProto", NO_NEXT_HEADER), fields.get("headerLen", len(octets) // 8 - 1),
                       kind, fields.get("reserved", 0), fields.get("checksum", 0))
    return head + octets[6:]


def checksum(octets, source, destination):
    """The checksum of a Mobility Header in an IPv6 packet between these addresses (RFC 6275, 6.1.1; RFC 8200, 8.1)."""
    octets = octets[:4] + bytes(2) + octets[6:]
    pseudo = packed6(source) + packed6(destination) + struct.pack("!IxxxB", len(octets), MOBILITY_HEADER)
    total = sum(struct.unpack(f"!{(len(pseudo) + len(octets)) // 2}H", pseudo + octets))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def pick(message, kind):
    """The options of this type, in order."""
    return [item for item in message["options"] if item["type"] == kind]


def identifier(message):
    """The NAI of the Mobile Node Identifier option of subtype 1 (RFC 4283, 3.1), or None."""
    return next((item["identifier"] for item in pick(message, 8) if item["subtype"] == 1), None)


def realm(nai):
    """What follows the last @, compared without case; None where there is no @ (RFC 5846, 8.1; RFC 4282)."""
    return nai.rpartition("@")[2].lower() if "@" in nai else None


def timestamp(seconds):
    """48 bits of seconds since 1970 and 16 bits of 1/65536 seconds (RFC 5213, 8.8)."""
    return f"{int(seconds * 65536) & ((1 << 64) - 1):016x}"


def from_timestamp(text):
    return int(text, 16) / 65536


# --------------------------------------------------------------------------------- what a sender should not have done

def remarks(message):
    """Departures from the RFCs that a receiver has to tolerate but a judge wants to know, as a list of sentences."""
    return registration_remarks(message) if "extensions" in message else mobility_remarks(message)


def registration_remarks(message):
    found, protected, seen = [], False, set()
    fields = message["fields"]
    if fields.get("r") or fields.get("x"):
        found.append("RFC 5944, 3.3: r and x are sent as zero")
    for item in message["extensions"]:
        protected |= item["type"] == 32
        if item["type"] != 152 or item["name"] == "unknown":
            continue
        if protected:
            found.append(f"RFC 5454, 3.1: {item['name']} stands after the mobile-home authentication extension")
        if item.get("reserved"):
            found.append(f"RFC 5454, 2: reserved field of {item['name']} is not zero")
        if "prefixLength" in item:
            length, prefix = item["prefixLength"], item["mobileIPv6NetworkPrefix"]
            if length <= 128 and str(network(prefix, length).network_address) != prefix:
                found.append(f"RFC 5454, 2.1: {prefix}/{length} has bits beyond the prefix length")
            if length == 255 and not ipaddress.IPv6Address(prefix).is_link_local:
                found.append(f"RFC 5454, 3.7.1: length 255 with {prefix}, which is not link-local")
            if 128 < length < 255:
                found.append(f"RFC 5454, 2.1: prefix length {length}")
            if (prefix, length) in seen:
                found.append(f"RFC 5454, 3.3: {prefix}/{length} stands there twice")
            seen.add((prefix, length))
    modes = [item for item in message["extensions"] if item["name"] == "ipv6TunnelingMode"]
    if len(modes) > 1:
        found.append("RFC 5454, 3.1: more than one tunneling mode extension")
    if modes and message["type"] == REGISTRATION_REQUEST and not fields["decapsulationByMobileNode"]:
        found.append("RFC 5454, 3.5: tunneling mode extension without a co-located care-of address (D clear)")
    if message["type"] == REGISTRATION_REPLY and modes:
        found.append("RFC 5454, 2.3: tunneling mode extension in a reply")
    wrong = "ipv6PrefixReply" if message["type"] == REGISTRATION_REQUEST else "ipv6PrefixRequest"
    if any(item["name"] == wrong for item in message["extensions"]):
        found.append(f"RFC 5454, 2: {wrong} in this message")
    return found


def mobility_remarks(message, udp=True):
    found, fields, listed = [], message["fields"], message["options"]
    if udp and fields["checksum"]:
        found.append("RFC 5844, 4.1.3.2: the mobility header checksum is not zero")
    if fields["payloadProto"] != NO_NEXT_HEADER:
        found.append(f"RFC 6275, 6.1.1: payload proto {fields['payloadProto']} is not 59")
    if fields["reserved"] or fields.get("flagsReserved") or fields.get("messageReserved"):
        found.append("RFC 6275, 6.1.1: a reserved field is not zero")
    if "trailingData" in message:
        found.append("octets after the mobility header")
    for item in listed:
        modulus, remainder = alignment(item, item.get("length", 0))
        if item["offset"] % modulus != remainder:
            found.append(f"{item['name']} at {item['offset']} is not aligned to {modulus}n+{remainder}")
        if item["type"] == 1 and item["data"].strip("0"):
            found.append("RFC 6275, 6.2.3: PadN data is not zero")
        if item.get("reserved"):
            found.append(f"reserved field of {item['name']} is not zero")
    for kind in (8, 23, 24, 27):
        if len(pick(message, kind)) > 1:
            found.append(f"RFC 5213, 8.1: more than one {OPTIONS[kind][0]}")
    if message["message"] == "bindingRevocationIndication":
        found += indication_remarks(message)
    return found


def indication_remarks(message):
    """RFC 5846, 5.1, 6.1.1 and 8.1, where 8.1 overrides 5.1 for its cases."""
    found, fields = [], message["fields"]
    trigger, proxy, only, everyone = (fields[name] for name in
                                      ("revocationTrigger", "proxyBinding", "ipv4HoaBindingOnly", "global"))
    if everyone != (128 <= trigger < 250):
        found.append("RFC 5846, 6.1.1: G and the kind of trigger do not fit")
    if proxy and not pick(message, 8) and not (everyone and trigger == 128):
        found.append("RFC 5846, 5.1: P is set and there is no mobile node identifier")
    if pick(message, 22) and not proxy:
        found.append("RFC 5846, 5.1: home network prefix without P")
    if pick(message, 22) and only:
        found.append("RFC 5846, 8.1: home network prefix with V")
    if bool(pick(message, 36)) != (only and proxy):
        found.append("RFC 5846, 5.1: IPv4 home address request option goes with V and P")
    if everyone and trigger == 129 and not (identifier(message) or "").startswith("@"):
        found.append("RFC 5846, 8.1: no realm (@realm) in the mobile node identifier")
    return found


def decode(octets, kind=None):
    """Decodes octets as 'registration' or 'mobility'. Without a kind: a Mobility Header starts with 59 (no next header),
    a registration with 1 or 3."""
    octets = bytes(octets)
    if kind is None:
        kind = "mobility" if octets[:1] == bytes([NO_NEXT_HEADER]) else "registration"
    return decode_mobility(octets) if kind == "mobility" else decode_registration(octets)


def encode(message, align=True):
    return encode_registration(message) if "extensions" in message else encode_mobility(message, align)
