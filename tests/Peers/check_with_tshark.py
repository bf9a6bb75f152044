#!/usr/bin/env python3
"""Decodes every vector with tshark and compares the fields that it knows: registration messages in IPv4/UDP 434, Mobility
Headers bare in IPv4/UDP 5436 (checksum zero) and in native IPv6 (with the checksum of the vector)."""
import collections
import datetime
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile

import make_vectors
import mobile_ipv4_vectors
import mobileip

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Vectors"
# our field -> tshark's field; flags come as 1 and 0, or as True and False in later versions
REQUEST = {"type": "mip.type", "simultaneousBindings": "mip.s", "broadcastDatagrams": "mip.b", "lifetime": "mip.life",
           "decapsulationByMobileNode": "mip.d", "minimalEncapsulation": "mip.m", "greEncapsulation": "mip.g",
           "r": "mip.v", "reverseTunneling": "mip.t", "x": "mip.x", "homeAddress": "mip.homeaddr",
           "homeAgent": "mip.haaddr", "careOfAddress": "mip.coa", "identification": "mip.ident"}
REPLY = {name: REQUEST[name] for name in ("type", "lifetime", "homeAddress", "homeAgent", "identification")} | {"code": "mip.code"}
HEADER = {"payloadProto": "mip6.proto", "headerLen": "mip6.hlen", "mhType": "mip6.mhtype", "reserved": "mip6.reserved"}
UPDATE = {"sequenceNumber": "mip6.bu.seqnr", "acknowledge": "mip6.bu.a_flag", "homeRegistration": "mip6.bu.h_flag",
          "linkLocalAddressCompatibility": "mip6.bu.l_flag", "keyManagementMobilityCapability": "mip6.bu.k_flag",
          "mapRegistration": "mip6.bu.m_flag", "mobileRouter": "mip6.nemo.bu.r_flag", "proxyRegistration": "mip6.bu.p_flag",
          "forceUdpEncapsulationRequest": "mip6.bu.f_flag", "lifetime": "mip6.bu.lifetime"}
ACKNOWLEDGED = {"status": "mip6.ba.status", "keyManagementMobilityCapability": "mip6.ba.k_flag", "lifetime": "mip6.ba.lifetime",
                "mobileRouter": "mip6.nemo.ba.r_flag", "proxyRegistration": "mip6.ba.p_flag", "sequenceNumber": "mip6.ba.seqnr"}
REVOCATION = {"bindingRevocationType": "mip6.bri_br.type", "sequenceNumber": "mip6.bri_seqnr"}
INDICATION = REVOCATION | {"revocationTrigger": "mip6.bri_r.trigger", "proxyBinding": "mip6.bri_ip",
                           "ipv4HoaBindingOnly": "mip6.bri_iv", "global": "mip6.bri_ig"}
ACKNOWLEDGEMENT = REVOCATION | {"status": "mip6.bri_status", "proxyBinding": "mip6.bri_ap",
                                "ipv4HoaBindingOnly": "mip6.bri_av", "global": "mip6.bri_ag"}
FIELDS = {"registrationRequest": REQUEST, "registrationReply": REPLY, "bindingUpdate": HEADER | UPDATE,
          "bindingAcknowledgement": HEADER | ACKNOWLEDGED, "bindingRevocationIndication": HEADER | INDICATION,
          "bindingRevocationAcknowledgement": HEADER | ACKNOWLEDGEMENT,
          "bindingRefreshRequest": HEADER, "homeTestInit": HEADER | {"homeInitCookie": "mip6.hoti.cookie"},
          "careOfTestInit": HEADER | {"careOfInitCookie": "mip6.coti.cookie"},
          "homeTest": HEADER | {"homeNonceIndex": "mip6.hot.nindex", "homeInitCookie": "mip6.hot.cookie", "homeKeygenToken": "mip6.hot.token"},
          "careOfTest": HEADER | {"careOfNonceIndex": "mip6.cot.nindex", "careOfInitCookie": "mip6.cot.cookie",
                                  "careOfKeygenToken": "mip6.hot.token"},         # tshark 4.0.17 gives both tokens one name
          "bindingError": HEADER | {"status": "mip6.be.status", "homeAddress": "mip6.be.haddr"},
          "heartbeat": HEADER | {"unsolicited": "mip6.hb.u_flag", "response": "mip6.hb.r_flag", "sequenceNumber": "mip6.hb.seqnr"},
          **mobile_ipv4_vectors.TSHARK_FIELDS}
ITEMS = {"spi": "mip.auth.spi", "authenticator": "mip.auth.auth", "mnNai": "mip.nai", "identifier": "mip6.mnid.identifier",
         "alternateCareOfAddress": "mip6.acoa.acoa", "homeNetworkPrefix": "mip6.nemo.mnp.mnp", "timestamp": "mip6.timestamp_tmp",
         "handoffIndicator": "mip6.hi", "accessTechnologyType": "mip6.att", "ipv4HomeAddress": "mip6.ipv4ha.ha",
         "prefixLen": "mip6.ipv4ha.preflen", "refreshInterval": "mip6.bra.interval", "homeNonceIndex": "mip6.ni.hni",
         "careOfNonceIndex": "mip6.ni.cni", "mobileNetworkPrefix": "mip6.nemo.mnp.mnp", "mobilitySpi": "mip6.auth.mobility_spi",
         "linkLayerIdentifier": "mip6.mnlli.lli", "linkLocalAddress": "mip6.lila_lla", "restartCounter": "mip6.rc",
         "mobileNetworkPrefixRequested": "mip6.ipv4ha.p_flag", "forcingUdpEncapsulation": "mip6.natd.f_flag",
         "refreshTime": "mip6.natd.refresh_t", "ipv4CareOfAddress": "mip6.ipv4coa.addr", "greKeyIdentifier": "mip6.gre_key",
         "bindingId": "mip6.bi.bid", "simultaneousHomeAndForeignBinding": "mip6.bi.h_flag", "ipv4DefaultRouterAddress": "mip6.ipv4dra.dra",
         "dhcpSupportMode": "mip6.ipv4dsm.s_flag"}
HNP_LENGTH = "mip6.nemo.mnp.pfl"
# where the same name stands for something else; tshark 4.0.17 reads the timestamp of option 10 from 1970, not from 1900
BY_TYPE = {(6, "prefixLength"): HNP_LENGTH, (22, "prefixLength"): HNP_LENGTH, (5, "authenticator"): "mip6.bad.auth",
           (9, "subtype"): "mip6.auth.subtype", (10, "timestamp"): None, (30, "status"): "mip6.ipv4aa.sts", (37, "status"): "mip6.ipv4aa.sts",
           (35, "status"): "mip6.bi.status"}
# what tshark 4.0.17 says of sound messages: it reads a length after the one-byte padding extension (RFC 5944, 1.8), wants an
# identifier in a Mobile Node Identifier option (RFC 5213, 5.3.6 has a zero length one), notes unknown options, and takes all
# tunnel data for IP, whatever its next header says
KNOWN_COMPLAINTS = ("request-one-byte-padding", "tunnel-data-gre", "IE data not dissected yet", "should be >= 2")


def fold(total):
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def words(octets):
    return sum(struct.unpack(f"!{len(octets) // 2 + len(octets) % 2}H", octets + bytes(len(octets) % 2)))


def udp(octets, port):
    source, destination = bytes([192, 0, 2, 10]), bytes([192, 0, 2, 11])
    length = 8 + len(octets)
    pseudo = source + destination + struct.pack("!BBH", 0, 17, length)
    head = struct.pack("!HHHH", port, port, length, 0)
    head = head[:6] + struct.pack("!H", fold(words(pseudo + head + octets)) or 0xffff)
    ip = struct.pack("!BBHHHBBH", 0x45, 0, 20 + length, 1, 0, 64, 17, 0) + source + destination
    return ip[:10] + struct.pack("!H", fold(words(ip))) + ip[12:] + head + octets


def native(octets, side):
    octets = octets[:4] + struct.pack("!H", side["checksum"]) + octets[6:]
    return (struct.pack("!IHBB", 0x60000000, len(octets), mobileip.MOBILITY_HEADER, 64) + mobileip.packed6(side["source"])
            + mobileip.packed6(side["destination"]) + octets)


def shown(tree, found):
    """Every field of tshark's JSON as name -> values, in order (with --no-duplicate-keys lists stand for repetition)."""
    for name, value in tree.items() if isinstance(tree, dict) else ():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                shown(each, found)
            else:
                found[name].append(each)
    return found


def moment(text):
    """tshark's Jan  1, 2025 00:00:00.500000000 UTC as seconds since 1970."""
    head, _, fraction = text.removesuffix(" UTC").partition(".")
    start = datetime.datetime.strptime(head, "%b %d, %Y %H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return start.timestamp() + float("0." + fraction)


def same(name, ours, theirs):
    if name == "timestamp" and isinstance(ours, str):
        return moment(theirs) == mobileip.from_timestamp(ours)
    if name == "identification":
        return abs(moment(theirs) + mobileip.NTP_EPOCH - int(ours, 16) / (1 << 32)) < 1e-5
    if isinstance(ours, bool):
        return theirs in (("1", "true", "True") if ours else ("0", "false", "False"))
    if isinstance(ours, int):
        return theirs is not None and int(theirs, 0) == ours
    return str(theirs).replace(":", "").removeprefix("0x").lower() == ours.replace(":", "").lower() or theirs == ours


def main():
    files = [*make_vectors.FILES, *mobile_ipv4_vectors.FILES]
    vectors = [vector for name in files for vector in json.loads((FOLDER / f"{name}.json").read_text())]
    cases = []
    for vector in vectors:
        octets = bytes.fromhex(vector["hex"])
        if vector["message"] in mobile_ipv4_vectors.MESSAGES:
            cases.append((vector, "UDP 434", udp(octets, 434)))
        else:
            cases += [(vector, "UDP 5436", udp(octets, 5436)), (vector, "IPv6", native(octets, vector["nativeIPv6"]))]
    with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
        file.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))  # LINKTYPE_RAW
        for number, (_, _, packet) in enumerate(cases):
            file.write(struct.pack("=IIII", 1735689600 + number, 0, len(packet), len(packet)) + packet)
        file.flush()
        result = subprocess.run(["tshark", "-r", file.name, "-T", "json", "--no-duplicate-keys",
                                 *sys.argv[1:]], capture_output=True, text=True)
    if not result.stdout:
        sys.exit(result.stderr)
    version = subprocess.run(["tshark", "--version"], capture_output=True, text=True).stdout.splitlines()[0]
    differences, unknown, compared = [], collections.Counter(), 0
    for (vector, carrier, _), packet in zip(cases, json.loads(result.stdout), strict=True):
        layers = packet["_source"]["layers"]
        values = shown(layers, collections.defaultdict(list))
        wanted = [(name, vector["fields"][name], values.get(theirs, [None])[0]) for name, theirs in
                  FIELDS[vector["message"]].items()]
        seen = collections.Counter()
        for item in vector.get("extensions", vector.get("options", [])):
            for name, value in item.items():
                theirs = BY_TYPE.get((item["type"], name), ITEMS.get(name))
                if theirs and ("options" in vector or name not in mobile_ipv4_vectors.TSHARK_ITEMS.get(item["type"], {})):
                    wanted.append((name, value, dict(enumerate(values.get(theirs, []))).get(seen[theirs])))
                    seen[theirs] += 1
        for item in vector.get("extensions", []):
            wanted += [(name, item[name], (values.get(theirs) or [None]).pop(0)) for name, theirs in
                       mobile_ipv4_vectors.TSHARK_ITEMS.get(item["type"], {}).items() if name in item]
            if item["type"] == 152:
                unknown[f"{carrier} {vector['message']}: extension 152 (raw only)"] += 1
        for name, ours, theirs in wanted:
            compared += 1
            if theirs is None:
                unknown[f"{carrier} {vector['message']}: {name}"] += 1
            elif not same(name, ours, theirs):
                differences.append(f"{vector['name']} over {carrier}: {name} is {ours}, tshark says {theirs}")
        text = json.dumps(layers)
        for problem in re.findall(r'"_ws\.(?:malformed|expert\.message)": "([^"]*)"', text):
            line = f"{vector['name']} over {carrier}: tshark complains: {problem}"
            if any(known in line for known in KNOWN_COMPLAINTS):
                unknown[line] += 1
            else:
                differences.append(line)
    print(f"{version}: {len(cases)} packets, {compared} values compared, {len(differences)} differences")
    for line in differences:
        print("  differs:", line)
    for line, count in sorted(unknown.items()):
        print(f"  not decoded: {line} ({count})")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
