#!/usr/bin/env python3
"""A small Mobile IPv4 home agent (RFC 5944) with IPv6 prefixes in explicit mode (RFC 5454), to judge a mobile node."""
import ipaddress
import sys
import time

import mobileip
import peer

ACCEPTED, SIMULTANEOUS_UNSUPPORTED = 0, 1                                       # RFC 5944, 3.4
PROHIBITED, FAILED_AUTHENTICATION, MISMATCH, UNKNOWN_HOME_AGENT = 129, 131, 133, 136
TO_HOME_ADDRESS, TO_CARE_OF_ADDRESS, REJECTED, REJECTED_PROHIBITED = 0, 1, 8, 9  # RFC 5454, 2.2
KNOWN = {0, 32, 33, 34, 131, 152}


class HomeAgent(peer.Peer):
    kind, role = "registration", "homeAgent"

    def __init__(self, given):
        super().__init__(given)
        self.bindings = {}          # home address -> {care-of address -> {"identification", "lifetime", "timer"}}
        self.prefixes = {}          # home address -> {(prefix, length): mode}
        self.newest = {}            # home address or NAI -> the greatest identification accepted (RFC 5944, 5.7.1)
        self.names = {}             # NAI -> home address that was assigned
        self.dropped = 0
        self.addresses = {self.socket.getsockname()[0], *given.home_agent}

    def now(self):
        return time.time() + self.given.clock_offset

    # receiving: RFC 5944, 3.8.2 -------------------------------------------------------------------------------------

    def received(self, message, octets, source):
        if message["type"] != mobileip.REGISTRATION_REQUEST:
            return self.discard("not a registration request")
        if self.dropped < self.given.drop_first:
            self.dropped += 1
            return self.discard(f"deliberately ignored, {self.dropped} of {self.given.drop_first}")
        unknown = [item["type"] for item in message["extensions"] if item["type"] not in KNOWN and item["type"] < 128]
        if unknown:                                                             # 1.8
            return self.discard(f"unknown extension of type {unknown[0]}, which is not skippable")
        item = mobileip.mobile_home_authentication(message)
        if item is None:                                                        # 3.8.2.1, a
            return self.discard("no mobile-home authentication extension")
        if item["spi"] != self.given.spi:
            return self.discard(f"no security association with SPI {item['spi']}")
        if any(found["type"] == 34 for found in message["extensions"]):         # 3.8.2.1, d
            return self.discard("foreign-home authentication without such a security association")
        if not mobileip.verify(octets, item, self.given.algorithm, self.given.key):
            return self.reply(message, source, FAILED_AUTHENTICATION, "the authenticator is wrong")
        covered = [found for found in message["extensions"] if found["offset"] < item["offset"]]
        fields = message["fields"]
        nai = next((found["mnNai"] for found in covered if found["type"] == 131), None)
        owner = nai or fields["homeAddress"]
        identification = int(fields["identification"], 16)
        distance = identification / (1 << 32) - mobileip.NTP_EPOCH - self.now()
        if abs(distance) > self.given.tolerance:                                # 3.8.2.1, b and 5.7.1
            return self.reply(message, source, MISMATCH, f"the timestamp is {distance:+.3f} s from our time of day")
        if identification <= self.newest.get(owner, -1):
            return self.reply(message, source, MISMATCH, "the timestamp is not greater than all accepted ones")
        if fields["homeAgent"] not in self.addresses:                           # 3.8.3.2
            return self.reply(message, source, UNKNOWN_HOME_AGENT, f"{fields['homeAgent']} is not this home agent",
                              home_agent=self.given.listen[0])
        home = fields["homeAddress"]
        if home == "0.0.0.0":
            home = self.assign(nai)
        if home is None or self.given.home_network and ipaddress.IPv4Address(home) not in self.given.home_network:
            return self.reply(message, source, PROHIBITED, "the home address is not in the home network")
        self.newest[owner] = identification
        code = self.given.reply_code if self.given.reply_code is not None else ACCEPTED
        lifetime = min(fields["lifetime"], self.given.maximum_lifetime)         # 3.8.2.2: never increased
        if code in (ACCEPTED, SIMULTANEOUS_UNSUPPORTED):
            granted = self.bind(fields, home, lifetime, covered)
        else:
            granted = self.decide(fields, home, covered)
        return self.reply(message, source, code, "accepted" if code < 2 else "deliberate code", lifetime=lifetime,
                          home=home, prefixes=granted, nai=nai)

    def assign(self, nai):
        """A home address for a node that names itself by its NAI only (RFC 2794, 2; RFC 5944, 3.8.3.2)."""
        if nai is None or self.given.home_network is None:
            return None
        if nai not in self.names:
            taken = {*self.names.values(), *self.bindings, *self.addresses}
            self.names[nai] = next((str(host) for host in self.given.home_network.hosts() if str(host) not in taken), None)
        return self.names[nai]

    # prefixes: RFC 5454, 3.3 ----------------------------------------------------------------------------------------

    def decide(self, fields, home, covered):
        """Prefix replies as (prefix, length, code), one for each prefix requested."""
        if self.given.no_prefix_replies:
            return []
        mode = fields["decapsulationByMobileNode"] and any(item["name"] == "ipv6TunnelingMode" for item in covered)
        found = {}
        for item in covered:
            if item["name"] == "ipv6PrefixRequest":
                prefix, length = item["mobileIPv6NetworkPrefix"], item["prefixLength"]
                if length <= 128:                                               # 2.1: bits beyond the length are ignored
                    prefix = str(mobileip.network(prefix, length).network_address)
                found[prefix, length] = self.judge(home, prefix, length, mode)  # 3.3: never two replies for a prefix
        return [(prefix, length, code) for (prefix, length), code in found.items()]

    def judge(self, home, prefix, length, mode):
        if length == 255:                                                       # 3.7.1: always in the home address tunnel
            link_local = ipaddress.IPv6Address(prefix).is_link_local
            if not link_local:
                return REJECTED
            return TO_HOME_ADDRESS if self.given.accept_link_local else REJECTED_PROHIBITED
        if length > 128:
            return REJECTED
        wanted = mobileip.network(prefix, length)
        if not any(wanted.subnet_of(allowed) for allowed in self.given.accept):
            return REJECTED_PROHIBITED
        for other, registered in self.prefixes.items():                         # 3.3: no overlap between mobile nodes
            if other != home and any(held[1] <= 128 and wanted.overlaps(mobileip.network(*held)) for held in registered):
                return REJECTED
        return TO_CARE_OF_ADDRESS if mode else TO_HOME_ADDRESS                  # 3.3.2

    # bindings: RFC 5944, 3.8.2.2 ------------------------------------------------------------------------------------

    def bind(self, fields, home, lifetime, covered):
        held, care_of = self.bindings.setdefault(home, {}), fields["careOfAddress"]
        gone = list(held) if (lifetime == 0 and care_of == home
                              or lifetime and not fields["simultaneousBindings"]) else [care_of]
        for address in gone:
            if address in held:
                held.pop(address)["timer"].clear()
        granted = self.decide(fields, home, covered)
        if lifetime:
            timer = self.after(lifetime, lambda: self.expire(home, care_of)) if lifetime != 0xffff else []
            held[care_of] = {"lifetime": lifetime, "identification": fields["identification"], "timer": timer}
            self.prefixes[home] = {(prefix, length): code for prefix, length, code in granted if code < 8}  # 3.8
        if not held:
            self.bindings.pop(home)
            self.prefixes.pop(home, None)
        return granted

    def expire(self, home, care_of):
        self.bindings.get(home, {}).pop(care_of, None)
        if not self.bindings.get(home):
            self.bindings.pop(home, None)
            self.prefixes.pop(home, None)
        self.emit("expired", homeAddress=home, careOfAddress=care_of)

    # replying: RFC 5944, 3.8.3 --------------------------------------------------------------------------------------

    def reply(self, message, source, code, reason, lifetime=0, home=None, prefixes=(), nai=None, home_agent=None):
        fields, given = message["fields"], self.given
        identification = int(fields["identification"], 16)
        if code == MISMATCH:                                                    # 5.7.1: resynchronisation
            identification = mobileip.ntp(self.now()) >> 32 << 32 | identification & 0xffffffff
        if given.wrong_identification:
            identification ^= 0xffffffff
        extensions = [{"type": 131, "mnNai": nai}] if nai else []               # RFC 2794, 3
        extensions += self.prefix_replies(prefixes)
        octets = mobileip.encode_registration({"type": mobileip.REGISTRATION_REPLY, "extensions": extensions, "fields": {
            "code": code, "lifetime": lifetime, "homeAddress": home or fields["homeAddress"],
            "homeAgent": home_agent or fields["homeAgent"], "identification": f"{identification:016x}"}})
        octets = mobileip.authenticate(octets, given.algorithm, given.key, given.spi)
        if given.bad_authenticator:
            octets = octets[:-1] + bytes([octets[-1] ^ 1])
        self.emit("verdict", of="registrationRequest", verdict="accepted" if code < 2 else "denied", code=code,
                  reason=reason, identification=fields["identification"], lifetime=lifetime,
                  prefixes=[{"prefix": prefix, "prefixLength": length, "code": reply} for prefix, length, reply in prefixes],
                  bindings=self.listed())
        self.send(octets, source)

    def prefix_replies(self, prefixes):
        given, items = self.given, []
        omitted = {(str(net.network_address), net.prefixlen) for net in given.omit_reply_for}
        for prefix, length, code in prefixes:
            if (prefix, length) not in omitted:
                code = code if given.prefix_code is None else given.prefix_code
                items.append({"type": 152, "subtype": 2, "code": code, "prefixLength": length,
                              "mobileIPv6NetworkPrefix": prefix})
        for net in given.extra_reply:
            items.append({"type": 152, "subtype": 2, "code": TO_HOME_ADDRESS, "prefixLength": net.prefixlen,
                          "mobileIPv6NetworkPrefix": str(net.network_address)})
        return items

    def discard(self, reason):
        self.emit("verdict", of="registrationRequest", verdict="discarded", code=None, reason=reason)

    def malformed(self, octets, source):
        """What cannot be parsed cannot be authenticated either: silence (RFC 5944, 3.8.2.1)."""
        self.discard("malformed")

    def listed(self):
        return [{"homeAddress": home, "careOfAddress": care_of, "lifetime": held["lifetime"],
                 "prefixes": [{"prefix": prefix, "prefixLength": length, "code": code}
                              for (prefix, length), code in self.prefixes.get(home, {}).items()]}
                for home, binding in self.bindings.items() for care_of, held in binding.items()]

    def command(self, words):
        if words != ["list"]:
            raise ValueError("the only command is list")
        self.emit("bindings", bindings=self.listed())


def main():
    parser = peer.arguments(__doc__ + " Command on stdin: list.", "127.0.0.3:4341")
    prefix = ipaddress.IPv6Network
    parser.add_argument("--key", type=bytes.fromhex, required=True, metavar="HEX")
    parser.add_argument("--spi", type=lambda text: int(text, 0), default=256)
    parser.add_argument("--algorithm", choices=sorted(mobileip.DIGESTS), default="md5")
    parser.add_argument("--tolerance", type=float, default=7, metavar="SECONDS")
    parser.add_argument("--maximum-lifetime", type=int, default=1800, metavar="SECONDS")
    parser.add_argument("--home-agent", action="append", default=[], metavar="ADDRESS",
                        help="further addresses that the Home Agent field may hold; others give code 136")
    parser.add_argument("--home-network", type=ipaddress.IPv4Network, help="home addresses outside give code 129")
    parser.add_argument("--accept", action="append", type=prefix, default=[], metavar="PREFIX",
                        help="prefixes inside are accepted (code 0 or 1), all others rejected (code 9)")
    parser.add_argument("--accept-link-local", action="store_true", help="accept length 255 (code 0), else code 9")
    wrong = parser.add_argument_group("deliberate behaviour")
    wrong.add_argument("--no-prefix-replies", action="store_true", help="a home agent without RFC 5454")
    wrong.add_argument("--omit-reply-for", action="append", type=prefix, default=[], metavar="PREFIX")
    wrong.add_argument("--extra-reply", action="append", type=prefix, default=[], metavar="PREFIX",
                       help="a prefix reply (code 0) that nobody asked for")
    wrong.add_argument("--reply-code", type=int, help="code of the reply header of every valid request; 2 and up: no binding")
    wrong.add_argument("--prefix-code", type=int, help="code of every prefix reply")
    wrong.add_argument("--clock-offset", type=float, default=0, metavar="SECONDS", help="its time of day is off by this")
    wrong.add_argument("--bad-authenticator", action="store_true")
    wrong.add_argument("--drop-first", type=int, default=0, metavar="N", help="ignores the first N requests")
    wrong.add_argument("--wrong-identification", action="store_true", help="inverts the low-order 32 bits")
    HomeAgent(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
