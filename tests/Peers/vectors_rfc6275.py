"""The vectors of tests/Vectors/rfc6275-family.json: the messages of RFC 6275 and 5847 besides revocation, and the mobility
options of RFC 6275, 3963, 4283, 4285, 5213, 5555, 5648, 5844, 5845 and 5847."""
import hashlib
import hmac

import mobileip

NODE, AGENT, PEER = "2001:db8:2::c", "2001:db8:1::a", "2001:db8:3::d"           # care-of address, home agent, correspondent
HOME, LMA, MAG = "2001:db8:100:7::1", "2001:db8:1::a", "2001:db8:2::b"
KEY = "000102030405060708090a0b0c0d0e0f10111213"                                # Kbm, and the key of MN-HA
COOKIE, TOKEN, OTHER_TOKEN = "0102030405060708", "2122232425262728", "a1a2a3a4a5a6a7a8"
NTP = "eb1f040012345678"                                                        # 2025-01-01 00:00:00 UTC and a fraction
NAI = {"type": 8, "identifier": "mn7@example.com"}
STATUSES = [*range(6), *range(128, 176)]


def sealed(message, kind, covered, authentication):
    """Fills in the 12 octets at the end of the last option: First(96, HMAC_SHA1(key, Mobility Data))."""
    octets = mobileip.encode_mobility(message)
    item = mobileip.pick(mobileip.decode_mobility(octets), kind)[-1]
    data = b"".join(mobileip.packed6(authentication[name]) for name in ("careOfAddress", covered))
    end = item["offset"] + (2 if kind == 5 else 7)                              # up to the authenticator, or up to the SPI
    tail = octets[end + 12:] if kind == 5 else b""                              # MH Data without the authenticator itself
    code = hmac.new(bytes.fromhex(authentication["key"]), data + octets[:end] + tail, hashlib.sha1).digest()[:12]
    return octets[:end] + code + octets[end + 12:]


def vectors(mobility):
    def make(name, rfc, message, kind, fields=None, options=(), way=(NODE, PEER), **more):
        return mobility(name, f"RFC {rfc}", message, kind, fields or {}, list(options), source=way[0], destination=way[1], **more)

    def update(name, rfc, options, fields=None, **more):
        return make(name, rfc, "bindingUpdate", 5, {"sequenceNumber": 7, "acknowledge": True, "homeRegistration": True, "lifetime": 900,
                                                    **(fields or {})}, options, **{"way": (NODE, AGENT), **more})

    def acknowledged(name, rfc, options=(), fields=None, **more):
        return make(name, rfc, "bindingAcknowledgement", 6, {"status": 0, "sequenceNumber": 7, "lifetime": 900, **(fields or {})}, options,
                    **{"way": (AGENT, NODE), **more})

    def protected(vector, kind, covered):
        """The same vector with a right authenticator; what it was made with stands beside it."""
        authentication = {"key": KEY, "careOfAddress": NODE, covered: PEER if covered == "correspondent" else HOME}
        octets = sealed({"message": vector["message"], "type": vector["type"], "fields": vector["fields"], "options": vector["options"]},
                        kind, covered, authentication)
        decoded = mobileip.decode_mobility(octets)
        way = vector["nativeIPv6"]
        return {**vector, "hex": octets.hex(), "fields": decoded["fields"], "options": decoded["options"],
                "nativeIPv6": {**way, "checksum": mobileip.checksum(octets, way["source"], way["destination"])},
                "authorization": {"option": kind, **authentication}}

    proxy = {"proxyRegistration": True, "homeRegistration": False}
    zero = "00" * 12
    yield make("binding-refresh-request", "6275, 6.1.2", "bindingRefreshRequest", 0, way=(PEER, NODE))
    yield make("binding-refresh-request-binding-identifier", "5648, 4.3", "bindingRefreshRequest", 0, {}, [{"type": 35, "bindingId": 7}],
               way=(PEER, NODE))
    yield make("home-test-init", "6275, 6.1.3", "homeTestInit", 1, {"homeInitCookie": COOKIE}, way=(HOME, PEER))
    yield make("care-of-test-init", "6275, 6.1.4", "careOfTestInit", 2, {"careOfInitCookie": COOKIE})
    yield make("care-of-test-init-binding-identifier", "5648, 4.3", "careOfTestInit", 2, {"careOfInitCookie": COOKIE},
               [{"type": 35, "bindingId": 7}])
    yield make("home-test", "6275, 6.1.5", "homeTest", 3, {"homeNonceIndex": 13, "homeInitCookie": COOKIE, "homeKeygenToken": TOKEN},
               way=(PEER, HOME))
    yield make("care-of-test", "6275, 6.1.6", "careOfTest", 4, {"careOfNonceIndex": 65535, "careOfInitCookie": COOKIE,
                                                                "careOfKeygenToken": OTHER_TOKEN}, way=(PEER, NODE))
    for status, name in ((1, "unknown-binding"), (2, "unrecognized-mh-type")):
        yield make(f"binding-error-{name}", "6275, 6.1.9", "bindingError", 7, {"status": status, "homeAddress": HOME}, way=(PEER, NODE))
    yield make("heartbeat-request", "5847, 3.3", "heartbeat", 13, {"sequenceNumber": 2309737967}, way=(MAG, LMA))
    yield make("heartbeat-response", "5847, 3.4", "heartbeat", 13, {"response": True, "sequenceNumber": 2309737967},
               [{"type": 28, "restartCounter": 3}], way=(LMA, MAG))
    yield make("heartbeat-unsolicited-response", "5847, 3.3", "heartbeat", 13, {"response": True, "unsolicited": True},
               [{"type": 28, "restartCounter": 4}], way=(LMA, MAG))

    nonces = {"type": 4, "homeNonceIndex": 13, "careOfNonceIndex": 65535}
    authorized = {"type": 5, "authenticator": zero}
    yield protected(update("update-correspondent", "6275, 6.2.7", [nonces, authorized], {"homeRegistration": False, "lifetime": 105},
                           way=(NODE, PEER)), 5, "correspondent")
    yield protected(update("update-correspondent-alternate-care-of-address", "6275, 6.2.7",
                           [{"type": 3, "alternateCareOfAddress": NODE}, nonces, authorized],
                           {"homeRegistration": False, "lifetime": 105}, way=(NODE, PEER)), 5, "correspondent")
    yield protected(acknowledged("acknowledged-correspondent", "6275, 6.2.7", [authorized], {"lifetime": 105}, way=(PEER, NODE)), 5,
                    "correspondent")
    yield update("update-home-registration", "6275, 6.1.7", [{"type": 3, "alternateCareOfAddress": NODE}],
                 {"linkLocalAddressCompatibility": True, "keyManagementMobilityCapability": True})
    yield acknowledged("acknowledged-binding-refresh-advice", "6275, 6.2.4", [{"type": 2, "refreshInterval": 450}],
                       {"keyManagementMobilityCapability": True})
    for status in STATUSES:
        yield acknowledged(f"acknowledged-status-{status}", "6275, 6.1.8", [], {"status": status, "lifetime": 900 if status < 128 else 0})
    yield update("update-mobile-router-explicit", "3963, 4.3", [
        {"type": 6, "prefixLength": length, "mobileNetworkPrefix": prefix} for prefix, length in (("2001:db8:200::", 48), ("2001:db8:201:1::", 64))],
        {"mobileRouter": True})
    replay, code = {"type": 10, "timestamp": NTP}, {"type": 9, "subtype": 1, "mobilitySpi": 256, "authenticationData": zero}
    yield protected(update("update-mobility-message-authentication", "4285, 5.1", [NAI, replay, code]), 9, "homeAddress")
    yield protected(acknowledged("acknowledged-mobility-message-authentication", "4285, 5.1", [NAI, replay, code]), 9, "homeAddress")
    yield update("update-identifier-of-subtype-5", "4283, 3", [{"type": 8, "subtype": 5, "identifier": "abcdef"}])

    yield update("update-ipv4-home-address", "5555, 3.1.1", [{"type": 29, "prefixLen": 32, "ipv4HomeAddress": "10.1.1.7"}])
    yield update("update-ipv4-home-address-dynamic-prefix", "5555, 3.1.1", [
        {"type": 29, "prefixLen": 24, "mobileNetworkPrefixRequested": True, "ipv4HomeAddress": "0.0.0.0"}], {"forceUdpEncapsulationRequest": True})
    yield update("update-ipv4-care-of-address", "5555, 3.1.2", [
        {"type": 29, "prefixLen": 32, "ipv4HomeAddress": "10.1.1.7"}, {"type": 32, "ipv4CareOfAddress": "198.51.100.7"}])
    for status in (0, 128, 129, 130, 131, 132, 133):
        yield acknowledged(f"acknowledged-ipv4-address-{status}", "5555, 3.2.1", [
            {"type": 30, "status": status, "prefixLen": 32 if status == 0 else 0, "ipv4HomeAddress": "10.1.1.7"}])
    yield acknowledged("acknowledged-nat-detection", "5555, 3.2.2", [
        {"type": 30, "status": 0, "prefixLen": 32, "ipv4HomeAddress": "10.1.1.7"}, {"type": 31, "forcingUdpEncapsulation": True, "refreshTime": 110}])
    yield acknowledged("acknowledged-nat-detection-no-nat", "5555, 3.2.2", [{"type": 31, "refreshTime": 4294967295}])

    yield update("update-binding-identifier", "5648, 4.3", [{"type": 35, "bindingId": 7}])
    yield update("update-binding-identifiers-ipv4-ipv6", "5648, 4.3", [
        {"type": 35, "bindingId": 7, "careOfAddress": "198.51.100.7"},
        {"type": 35, "bindingId": 8, "simultaneousHomeAndForeignBinding": True, "careOfAddress": NODE}])
    yield acknowledged("acknowledged-binding-identifiers", "5648, 4.4", [
        {"type": 35, "bindingId": 7, "status": 0}, {"type": 35, "bindingId": 8, "status": 166}], {"status": 4})

    attach = [NAI, {"type": 22, "prefixLength": 0, "homeNetworkPrefix": "::"}, {"type": 23, "handoffIndicator": 1},
              {"type": 24, "accessTechnologyType": 4}]
    attached = [NAI, {"type": 22, "prefixLength": 64, "homeNetworkPrefix": "2001:db8:100:7::"}, {"type": 23, "handoffIndicator": 1},
                {"type": 24, "accessTechnologyType": 4}]
    for octets, name in (("00005e005301", "eui-48"), ("00005efffe005301", "eui-64"), ("0a0b0c0d", "four-octets"), ("0a0b0c", "three-octets")):
        yield update(f"proxy-update-link-layer-identifier-{name}", "5213, 8.6", attach + [{"type": 25, "linkLayerIdentifier": octets}], proxy,
                     way=(MAG, LMA))
    yield update("proxy-update-link-local-address", "5213, 8.7", attach + [{"type": 26, "linkLocalAddress": "::"}], proxy, way=(MAG, LMA))
    yield acknowledged("proxy-acknowledged-link-local-address", "5213, 8.7", attached + [{"type": 26, "linkLocalAddress": "fe80::1"}],
                       {"proxyRegistration": True}, way=(LMA, MAG))
    for key in (None, 3735928559):
        option = {"type": 33} if key is None else {"type": 33, "greKeyIdentifier": key}
        name = "without-a-key" if key is None else "with-a-key"
        yield update(f"proxy-update-gre-{name}", "5845, 6.1", attach + [option], proxy, way=(MAG, LMA))
    yield update("proxy-update-ipv4-home-address-request", "5844, 3.3.1", attach + [{"type": 36, "prefixLen": 24, "ipv4HomeAddress": "10.1.1.7"}],
                 proxy, way=(MAG, LMA))
    for status in (0, 128, 129, 130, 131, 132):
        yield acknowledged(f"proxy-acknowledged-ipv4-home-address-reply-{status}", "5844, 3.3.2", attached + [
            {"type": 37, "status": status, "prefixLen": 24, "ipv4HomeAddress": "10.1.1.7"}], {"proxyRegistration": True}, way=(LMA, MAG))
    for server in (False, True):
        yield acknowledged(f"proxy-acknowledged-dhcp-{'server' if server else 'relay'}", "5844, 3.3.4", attached + [
            {"type": 37, "status": 0, "prefixLen": 24, "ipv4HomeAddress": "10.1.1.7"},
            {"type": 38, "ipv4DefaultRouterAddress": "10.1.1.1"}, {"type": 39, "dhcpSupportMode": server}], {"proxyRegistration": True},
            way=(LMA, MAG))

    odd = {"canonical": False}
    yield make("binding-refresh-request-reserved-set", "6275, 6.1.2", "bindingRefreshRequest", 0, {"reserved": 255, "messageReserved": 65535}, **odd)
    yield make("home-test-init-reserved-set", "6275, 6.1.3", "homeTestInit", 1, {"messageReserved": 1, "homeInitCookie": COOKIE}, **odd)
    yield make("binding-error-unassigned-status-3", "6275, 6.1.9", "bindingError", 7, {"status": 3, "messageReserved": 255, "homeAddress": "::"}, **odd)
    yield make("heartbeat-reserved-set", "5847, 3.3", "heartbeat", 13, {"flagsReserved": 0x3fff, "sequenceNumber": 1}, [{"type": 1, "data": "0000"}],
               way=(MAG, LMA), **odd)
    yield update("update-options-not-aligned", "6275, 6.2.1", [NAI, {"type": 29, "prefixLen": 32, "ipv4HomeAddress": "10.1.1.7"},
                                                               {"type": 1, "data": ""}, {"type": 1, "data": "0000"}], **odd)
    yield acknowledged("acknowledged-reserved-set-in-options", "5555, 3.2", [
        {"type": 30, "status": 0, "prefixLen": 63, "reserved": 3, "ipv4HomeAddress": "10.1.1.7"},
        {"type": 31, "reserved": 0x7fff, "refreshTime": 0}, {"type": 39, "reserved": 0x7fff}], **odd)
