#!/usr/bin/env python3
"""Writes tests/Vectors: rfc5454.json and rfc5846.json with the codecs of mobileip.py, the others from modules of their own. The
result is checked by hand against the figures of the RFCs (test_peers.py holds the literals) and by tshark (check_with_tshark.py)."""
import json
import pathlib

import mobile_ipv4_vectors
import mobileip
import vectors_rfc6275

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "Vectors"
KEY, SPI = "31323334353637383132333435363738", 256                              # the octets of 1234567812345678
HOME, AGENT, CARE_OF = "10.1.1.7", "192.0.2.1", "198.51.100.7"
IDENTIFICATION = "eb1f040012345678"                                             # NTP: 2025-01-01 00:00:00 UTC and a fraction
NAI, LINK_LOCAL = "mn7@example.com", "fe80::a01:107"
LMA, MAG = "2001:db8:1::a", "2001:db8:2::b"                                     # for the checksum of native IPv6
STAMP = "0000677485808000"                                                      # 2025-01-01 00:00:00.5 UTC
STATUS_NAMES = {0: "success", 1: "partial-success", 128: "binding-does-not-exist", 129: "ipv4-home-address-option-required",
                130: "global-revocation-not-authorized", 131: "revoked-mobile-nodes-identity-required",
                132: "mn-is-attached", 133: "trigger-not-supported", 134: "function-not-supported",
                135: "proxy-binding-revocation-not-supported"}


# --------------------------------------------------------------------------------------------------------- RFC 5454

def registration(name, rfc, kind, fields, extensions=(), algorithm="md5", canonical=True, valid=True, behind=()):
    octets = mobileip.encode_registration({"type": kind, "fields": fields, "extensions": extensions})
    octets = mobileip.authenticate(octets, algorithm, bytes.fromhex(KEY), SPI)
    if not valid:
        octets = octets[:-1] + bytes([octets[-1] ^ 0x80])
    octets += b"".join(mobileip.encode_extension(item) for item in behind)
    message = mobileip.decode_registration(octets)
    return {"name": name, "rfc": rfc, "message": message["message"], "type": kind, "hex": octets.hex(),
            "canonical": canonical, "fields": message["fields"], "extensions": message["extensions"],
            "algorithm": algorithm, "key": KEY, "spi": SPI, "authenticatorValid": valid}


def request(name, rfc, extensions=(), **more):
    fields = {"decapsulationByMobileNode": True, "reverseTunneling": True, "lifetime": 1800, "homeAddress": HOME,
              "homeAgent": AGENT, "careOfAddress": CARE_OF, "identification": IDENTIFICATION, **more.pop("fields", {})}
    return registration(name, rfc, mobileip.REGISTRATION_REQUEST, fields, extensions, **more)


def reply(name, rfc, extensions=(), **more):
    fields = {"code": 0, "lifetime": 1800, "homeAddress": HOME, "homeAgent": AGENT, "identification": IDENTIFICATION,
              **more.pop("fields", {})}
    return registration(name, rfc, mobileip.REGISTRATION_REPLY, fields, extensions, **more)


def asked(prefix, length=64):
    return {"type": 152, "subtype": 1, "prefixLength": length, "mobileIPv6NetworkPrefix": prefix}


def answered(prefix, code, length=64, reserved=0):
    return {"type": 152, "subtype": 2, "code": code, "prefixLength": length, "reserved": reserved,
            "mobileIPv6NetworkPrefix": prefix}


def rfc5454():
    mode, nai, one, two = {"type": 152, "subtype": 3}, {"type": 131, "mnNai": NAI}, "2001:db8:7:1::", "2001:db8:ffff::"
    s21, s22, s23, s31, s38 = (f"RFC 5454, {section}" for section in ("2.1", "2.2", "2.3", "3.1", "3.8"))
    yield request("request-without-extensions", "RFC 5944, 3.3")
    for algorithm in ("md5", "sha1", "sha256"):
        yield request(f"request-prefix-tunneling-mode-nai-{algorithm}", s31, [nai, asked(one), mode], algorithm=algorithm)
    yield request("request-prefix-home-address-tunnel", s21, [asked(one)])
    yield request("request-two-prefixes-tunneling-mode", s31, [asked(one), asked(two), mode])
    yield request("request-prefix-lengths-0-48-128", s21, [asked("::", 0), asked("2001:db8:7::", 48), asked("2001:db8:7::1", 128)])
    yield request("request-link-local", "RFC 5454, 3.7.1", [asked(LINK_LOCAL, 255)])
    yield request("request-foreign-agent-care-of-address", "RFC 5454, 3.5", [asked(one)], fields={
        "decapsulationByMobileNode": False})
    yield request("request-gre", "RFC 5454, 3.3.2", [asked(one), mode], fields={"greEncapsulation": True})
    yield request("request-home-address-zero-nai", "RFC 2794, 2", [nai, asked(one)], fields={"homeAddress": "0.0.0.0"})
    yield request("request-infinite-lifetime", "RFC 5944, 3.3", [asked(one)], fields={"lifetime": 65535})
    yield request("request-deregister-all", s38, fields={"lifetime": 0, "careOfAddress": HOME})
    yield request("request-deregister-care-of-address", s38, fields={"lifetime": 0})
    yield request("request-leaves-prefix-out", s38, [asked(one), mode], fields={"identification": "eb1f050012345679"})
    yield request("request-unknown-skippable-extension", "RFC 5944, 1.8", [{"type": 200, "data": "01020304"}, asked(one)])
    yield request("request-unknown-non-skippable-extension", "RFC 5944, 1.8", [{"type": 100, "data": "01020304"}, asked(one)])
    yield request("request-unknown-subtype-152", "RFC 5454, 5", [{"type": 152, "subtype": 77, "data": "0a0b0c"}, asked(one)])
    yield request("request-one-byte-padding", "RFC 5944, 1.8", [{"type": 0}, asked(one)], canonical=False)
    yield request("request-extension-behind-authentication", "RFC 5944, 3.6.1.3", [asked(one)], behind=[
        {"type": 201, "data": "ff"}], canonical=False)
    yield request("request-bits-beyond-prefix-length", s21, [asked("2001:db8:7:1::beef")], canonical=False)
    yield request("request-prefix-length-129", s21, [asked(one, 129)], canonical=False)
    yield request("request-all-flags", "RFC 5944, 3.3", fields={name: True for name in mobileip.REQUEST_FLAGS}, canonical=False)
    yield request("request-tunneling-mode-reserved-set", s23, [asked(one), {**mode, "reserved": 255}], canonical=False)
    yield request("request-wrong-authenticator", "RFC 5944, 3.5.1", [asked(one)], valid=False, canonical=False)

    for code, name in ((0, "accepted-home-address"), (1, "accepted-care-of-address"), (8, "rejected-unspecified"),
                       (9, "rejected-prohibited")):
        yield reply(f"reply-prefix-{name}", s22, [answered(one, code)])
    yield reply("reply-codes-0-1-8-9-nai", s22, [nai] + [
        answered(f"2001:db8:7:{number}::", code) for number, code in enumerate((0, 1, 8, 9), 1)])
    yield reply("reply-reserved-codes-2-7-10-255", s22, [
        answered(f"2001:db8:7:{number}::", code) for number, code in enumerate((2, 7, 10, 255), 1)])
    for algorithm in ("sha1", "sha256"):
        yield reply(f"reply-prefix-accepted-{algorithm}", s22, [answered(one, 1), answered(two, 9)], algorithm=algorithm)
    yield reply("reply-link-local", "RFC 5454, 3.7.1", [answered(LINK_LOCAL, 0, 255)])
    yield reply("reply-without-prefix-replies", "RFC 5454, 3.2")
    yield reply("reply-simultaneous-bindings-unsupported", "RFC 5944, 3.4", [answered(one, 1)], fields={"code": 1})
    yield reply("reply-denied-with-accepting-prefix-reply", "RFC 5454, 3.2", [answered(one, 1)], fields={"code": 129, "lifetime": 0})
    for code in (128, 130, 131, 134, 135, 136):
        yield reply(f"reply-denied-{code}", "RFC 5944, 3.4", fields={"code": code, "lifetime": 0})
    yield reply("reply-denied-133-resynchronisation", "RFC 5944, 5.7.1", fields={
        "code": 133, "lifetime": 0, "identification": "eb1f046412345678"})
    yield reply("reply-deregistered", s38, fields={"lifetime": 0})
    yield reply("reply-reserved-set", s22, [answered(one, 0, reserved=170)], canonical=False)
    yield reply("reply-wrong-authenticator", "RFC 5944, 3.5.1", [answered(one, 0)], valid=False, canonical=False)


# --------------------------------------------------------------------------------------------------------- RFC 5846

def mobility(name, rfc, message, kind, fields, options=(), canonical=True, source=LMA, destination=MAG):
    octets = mobileip.encode_mobility({"message": message, "type": kind, "fields": fields, "options": options}, canonical)
    decoded = mobileip.decode_mobility(octets)
    return {"name": name, "rfc": rfc, "message": message, "type": kind, "hex": octets.hex(), "canonical": canonical,
            "fields": decoded["fields"], "options": decoded["options"],
            "nativeIPv6": {"source": source, "destination": destination,
                           "checksum": mobileip.checksum(octets, source, destination)}}


def indication(name, section, trigger, options=(), bits="P", **more):
    sides = {"source": MAG, "destination": LMA} if more.pop("from_gateway", False) else {}
    fields = {"revocationTrigger": trigger, "sequenceNumber": 0x1234, "proxyBinding": "P" in bits,
              "ipv4HoaBindingOnly": "V" in bits, "global": "G" in bits, **more.pop("fields", {})}
    return mobility(name, f"RFC 5846, {section}", "bindingRevocationIndication", 16, fields, options, **more, **sides)


def acknowledgement(name, section, status, options=(), bits="P", **more):
    fields = {"status": status, "sequenceNumber": 0x1234, "proxyBinding": "P" in bits, "ipv4HoaBindingOnly": "V" in bits,
              "global": "G" in bits, **more.pop("fields", {})}
    return mobility(name, f"RFC 5846, {section}", "bindingRevocationAcknowledgement", 16, fields, options,
                    source=MAG, destination=LMA, **more)


def update(name, rfc, lifetime, handoff, prefixes, stamp=STAMP, more=()):
    options = [{"type": 8, "identifier": NAI}]
    options += [{"type": 22, "prefixLength": length, "homeNetworkPrefix": prefix} for prefix, length in prefixes]
    options += [{"type": 23, "handoffIndicator": handoff}, {"type": 24, "accessTechnologyType": 4}]
    options += [{"type": 27, "timestamp": stamp}] if stamp else []
    return mobility(name, rfc, "bindingUpdate", 5, {"sequenceNumber": 7, "acknowledge": True, "proxyRegistration": True,
                                                    "lifetime": lifetime}, options + list(more), source=MAG, destination=LMA)


def acknowledged(name, rfc, status, lifetime, handoff, prefixes, stamp=STAMP, nai=NAI, att=4, more=()):
    options = [{"type": 8, "identifier": nai}]
    options += [{"type": 22, "prefixLength": length, "homeNetworkPrefix": prefix} for prefix, length in prefixes]
    options += [{"type": 23, "handoffIndicator": handoff}, {"type": 24, "accessTechnologyType": att}]
    options += [{"type": 27, "timestamp": stamp}] if stamp else []
    return mobility(name, rfc, "bindingAcknowledgement", 6, {"status": status, "sequenceNumber": 7, "proxyRegistration": True,
                                                             "lifetime": lifetime}, options + list(more))


def rfc5846():
    node, everyone, gateway = ({"type": 8, "subtype": 1, "identifier": text} for text in (NAI, "@example.com", "mag1@example.net"))
    prefix = {"type": 22, "prefixLength": 64, "homeNetworkPrefix": "2001:db8:100:7::"}
    second = {**prefix, "homeNetworkPrefix": "2001:db8:100:8::"}
    care_of = {"type": 3, "alternateCareOfAddress": "2001:db8:2::b"}
    ipv4 = {"type": 36, "prefixLen": 24, "ipv4HomeAddress": "10.1.1.7"}
    yield indication("indication-mobile-node", "8.1", 1, [node])
    for trigger in (0, 2, 3, 4, 5, 6, 7):
        yield indication(f"indication-mobile-node-trigger-{trigger}", "5.1", trigger, [node])
    yield indication("indication-one-binding", "8.1", 1, [node, prefix])
    yield indication("indication-two-prefixes", "8.1", 1, [node, prefix, second])
    yield indication("indication-alternate-care-of-address", "8.1", 1, [node, care_of])
    yield indication("indication-ipv4-only", "8.1", 5, [node, ipv4], "PV")
    yield indication("indication-peer", "8.1", 128, [], "PG")
    yield indication("indication-realm", "8.1", 129, [everyone], "PG")
    yield indication("indication-realm-alternate-care-of-address", "8.1", 129, [everyone, care_of], "PG")
    yield indication("indication-from-gateway", "9.2", 128, [gateway], "PG", from_gateway=True)
    yield indication("indication-from-gateway-alternate-care-of-address", "9.2", 128, [gateway, care_of], "PG", from_gateway=True)
    yield indication("indication-mobile-ipv6", "7", 1, [], "")
    yield indication("indication-sequence-number-65535", "5.1", 1, [node], fields={"sequenceNumber": 65535})
    yield indication("indication-testing-trigger-250", "5.1", 250, [node])
    yield indication("indication-unknown-option", "5.1", 1, [node, {"type": 200, "data": "a1a2a3"}])
    yield indication("indication-global-with-per-mn-trigger", "6.2.1", 1, [node], "PG", canonical=False)
    yield indication("indication-padding-of-four-pad1", "5.1", 128, [{"type": 0}] * 4, "PG", canonical=False)
    yield indication("indication-reserved-set", "5.1", 128, [{"type": 1, "data": "0000"}], "PG", canonical=False, fields={
        "reserved": 255, "flagsReserved": 0x1fff})
    for status, name in STATUS_NAMES.items():
        failed = [node, prefix] if status == 1 else []
        yield acknowledgement(f"acknowledgement-{status}-{name}", "5.2", status, failed, {130: "PG", 131: "PG", 129: "PV"}.get(status, "P"))
    yield acknowledgement("acknowledgement-peer", "5.2", 0, [], "PG")
    yield acknowledgement("acknowledgement-ipv4-only", "5.2", 0, [], "PV")
    yield acknowledgement("acknowledgement-mobile-ipv6", "5.2", 0, [], "")
    yield acknowledgement("acknowledgement-unassigned-status-2", "5.2", 2, [])
    yield acknowledgement("acknowledgement-reserved-set", "5.2", 0, [{"type": 1, "data": "0000"}], "P", canonical=False, fields={
        "reserved": 1, "flagsReserved": 1})

    zero, home = [("::", 0)], [("2001:db8:100:7::", 64)]
    new, renew, detach = (f"RFC 5213, {section}" for section in ("6.9.1.1", "6.9.1.3", "6.9.1.4"))
    yield update("update-attach", new, 900, 1, zero)
    yield update("update-attach-handoff-unknown", new, 900, 4, zero)
    yield update("update-attach-without-timestamp", new, 900, 1, zero, None)
    yield update("update-attach-ipv4", "RFC 5844, 3.3.1", 900, 1, zero, more=[{"type": 36}])
    yield update("update-attach-two-prefixes", new, 900, 1, home + [("2001:db8:100:8::", 64)])
    yield update("update-renew", renew, 900, 5, home)
    yield update("update-detach", detach, 0, 4, home)
    done = "RFC 5213, 5.3.6"
    yield acknowledged("acknowledged-attach", done, 0, 900, 1, home)
    yield acknowledged("acknowledged-attach-without-timestamp", done, 0, 900, 1, home, None)
    yield acknowledged("acknowledged-attach-ipv4", "RFC 5844, 3.3.2", 0, 900, 1, home, more=[
        {"type": 37, "status": 0, "prefixLen": 24, "ipv4HomeAddress": "10.1.1.7"}])
    yield acknowledged("acknowledged-renew", done, 0, 450, 5, home)
    yield acknowledged("acknowledged-detach", done, 0, 0, 4, home)
    for status in (128, 129, 130, 152, 153, 154, 155):
        yield acknowledged(f"acknowledged-rejected-{status}", done, status, 0, 1, zero)
    for status in (156, 157):                                                   # the anchor's own time comes back
        yield acknowledged(f"acknowledged-rejected-{status}-timestamp", "RFC 5213, 5.5", status, 0, 1, zero, "0000677485e40000")
    yield acknowledged("acknowledged-rejected-160-identifier-missing", "RFC 5213, 5.3.1", 160, 0, 1, zero, nai="")
    yield acknowledged("acknowledged-rejected-161-handoff-indicator-missing", "RFC 5213, 5.3.6", 161, 0, 0, zero)
    yield acknowledged("acknowledged-rejected-162-access-technology-type-missing", "RFC 5213, 5.3.6", 162, 0, 1, zero, att=0)


def rfc6275():
    return vectors_rfc6275.vectors(mobility)


FILES = {"rfc5454": rfc5454, "rfc5846": rfc5846, "rfc6275-family": rfc6275}


def text(vectors):
    """One vector after the other, with one line for each extension or option."""
    parts = []
    for vector in vectors:
        lines = []
        for name, value in vector.items():
            if isinstance(value, list) and value:
                value = "[\n" + ",\n".join("      " + json.dumps(item) for item in value) + "\n    ]"
            else:
                value = json.dumps(value)
            lines.append(f"    {json.dumps(name)}: {value}")
        parts.append("  {\n" + ",\n".join(lines) + "\n  }")
    return "[\n" + ",\n".join(parts) + "\n]\n"


def main():
    for name, make in {**FILES, **mobile_ipv4_vectors.FILES}.items():
        vectors = list(make())
        (FOLDER / f"{name}.json").write_text(text(vectors), encoding="utf-8")
        print(f"{name}.json: {len(vectors)} vectors")


if __name__ == "__main__":
    main()
