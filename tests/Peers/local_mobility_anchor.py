#!/usr/bin/env python3
"""A small local mobility anchor over UDP/IPv4 (RFC 5844, 4.1: the bare Mobility Header), to judge a mobile access
gateway: answers Proxy Binding Updates (RFC 5213, 5.3) and revokes bindings on command (RFC 5846, 8.1)."""
import ipaddress
import random
import sys
import time

import mobileip
import peer

ACCEPTED, INSUFFICIENT, OUT_OF_WINDOW = 0, 130, 135                             # RFC 6275, 6.1.8
NOT_AUTHORISED_FOR_PREFIX, TIMESTAMP_MISMATCH, TIMESTAMP_LOWER = 155, 156, 157  # RFC 5213, 8.9
MISSING = {8: 160, 22: 158, 23: 161, 24: 162}                                   # RFC 5213, 8.9
PER_PEER, REALM = 128, 129


class LocalMobilityAnchor(peer.Peer):
    role = "localMobilityAnchor"

    def __init__(self, given):
        super().__init__(given)
        self.entries = []           # binding cache entries, one for each mobility session
        self.newest = {}            # NAI -> the greatest timestamp accepted (RFC 5213, 5.5)
        self.pool = given.pool.subnets(new_prefix=given.prefix_length)
        self.hosts = given.ipv4_pool.hosts() if given.ipv4_pool else iter(())
        self.free = []
        self.outstanding = {}       # sequence number -> what was asked (RFC 5846, 6.2.2)
        self.sequence = random.randrange(65536)
        self.dropped, self.last = 0, None
        self.answers = {}           # octets of an update -> its acknowledgement

    def now(self):
        return time.time() + self.given.clock_offset

    def received(self, message, octets, source):
        if message["fields"]["payloadProto"] != mobileip.NO_NEXT_HEADER:        # RFC 6275, 9.2
            return self.verdict(message["message"], "discarded", "payload proto is not 59")
        handle = {"bindingUpdate": self.updated, "bindingRevocationAcknowledgement": self.revoked,
                  "bindingRevocationIndication": self.indicated}.get(message["message"])
        if handle is None:
            return self.verdict(message["message"], "discarded", "not for a local mobility anchor")
        return handle(message, octets, source)

    # proxy binding updates: RFC 5213, 5.3 ---------------------------------------------------------------------------

    def updated(self, message, octets, source):
        fields, given = message["fields"], self.given
        self.last = source
        if self.dropped < given.drop_first:
            self.dropped += 1
            return self.verdict("bindingUpdate", "discarded", f"deliberately ignored, {self.dropped} of {given.drop_first}")
        if not fields["proxyRegistration"]:
            return self.verdict("bindingUpdate", "discarded", "P is clear: no proxy binding update")
        if octets in self.answers and self.answers[octets][1] == source:
            self.verdict("bindingUpdate", "repeated", "the same acknowledgement again")
            return self.send(self.answers[octets][0], source)
        status, reason, prefixes, ipv4, stamp = self.judge(message, source)
        if status is None:
            return self.verdict("bindingUpdate", "discarded", reason)
        remarks = [] if fields["acknowledge"] else ["RFC 5213, 6.9.1.5: A is clear"]
        nai = mobileip.identifier(message)
        lifetime = min(fields["lifetime"], given.lifetime // 4) if status < 128 else 0
        requested = [(item["homeNetworkPrefix"], item["prefixLength"]) for item in mobileip.pick(message, 22)]
        shown = prefixes if status < 128 else requested or [("::", 0)]
        echo = {kind: next(iter(mobileip.pick(message, kind)), {}) for kind in (8, 23, 24, 36)}
        options = [{"type": 8, "subtype": echo[8].get("subtype", 1), "identifier": echo[8].get("identifier", "")}]
        options += [{"type": 22, "prefixLength": length, "homeNetworkPrefix": prefix} for prefix, length in shown]
        options += [{"type": 23, "handoffIndicator": echo[23].get("handoffIndicator", 0)},
                    {"type": 24, "accessTechnologyType": echo[24].get("accessTechnologyType", 0)}]
        if stamp is not None:
            options.append({"type": 27, "timestamp": stamp})
        if echo[36]:
            options.append({"type": 37, "status": 0 if ipv4 else 128, "prefixLen": 24 if ipv4 else 0, "ipv4HomeAddress": ipv4})
        self.verdict("bindingUpdate", "accepted" if status < 128 else "rejected", reason, status=status, identifier=nai,
                     lifetime=lifetime * 4, prefixes=[{"prefix": p, "prefixLength": n} for p, n in shown], remarks=remarks)
        answer = mobileip.encode_mobility({
            "message": "bindingAcknowledgement", "type": mobileip.BINDING_ACKNOWLEDGEMENT, "options": options,
            "fields": {"status": status, "sequenceNumber": fields["sequenceNumber"], "lifetime": lifetime,
                       "proxyRegistration": True}})
        self.answers = {**dict(list(self.answers.items())[-99:]), octets: (answer, source)}
        if fields["acknowledge"] or status:
            self.send(answer, source)

    def judge(self, message, source):
        """(status or None to stay silent, reason, prefixes, IPv4 home address, timestamp to return)."""
        fields, given = message["fields"], self.given
        stamps, now = mobileip.pick(message, 27), self.now()
        stamp = stamps[0]["timestamp"] if stamps else None
        ours = mobileip.timestamp(now) if stamps else None
        nai = mobileip.identifier(message)
        if nai is None:
            return MISSING[8], "no mobile node identifier", [], None, stamp
        if stamps:                                                              # 5.5
            if abs(mobileip.from_timestamp(stamp) - now) > given.timestamp_window:
                return TIMESTAMP_MISMATCH, "the timestamp is out of the window", [], None, ours
            if int(stamp, 16) <= self.newest.get(nai, -1):
                return TIMESTAMP_LOWER, "the timestamp is not greater than the last", [], None, ours
        for kind in (22, 23, 24):
            if not mobileip.pick(message, kind):
                return MISSING[kind], f"no {mobileip.OPTIONS[kind][0]}", [], None, stamp
        if given.status is not None and given.status >= 128:
            return given.status, "deliberate status", [], None, ours if given.status in (156, 157) else stamp
        entry, status = self.lookup(message, nai, source)
        if status:
            return status, "the prefixes are not this session's", [], None, stamp
        if entry and not stamps and (fields["sequenceNumber"] - entry["sequenceNumber"]) % 65536 in (0, *range(32768, 65536)):
            return OUT_OF_WINDOW, "sequence number out of window", entry["prefixes"], None, None
        if fields["lifetime"] == 0:                                             # 5.3.5 (deleted at once, without waiting)
            if entry is None:
                return None, "no such session", [], None, None
            if entry["source"][0] != source[0]:
                return None, "de-registration from another proxy care-of address", [], None, None
            self.remove(entry)
        else:
            if entry is None:
                prefix = self.allocate(message)
                if isinstance(prefix, int):
                    return prefix, "no prefix", [], None, stamp
                entry = {"identifier": nai, "prefixes": [prefix], "ipv4HomeAddress": None, "timer": []}
                self.entries.append(entry)
            entry.update(source=source, lifetime=min(fields["lifetime"] * 4, given.lifetime),
                         accessTechnologyType=mobileip.pick(message, 24)[0]["accessTechnologyType"],
                         sequenceNumber=fields["sequenceNumber"])
            if mobileip.pick(message, 36) and entry["ipv4HomeAddress"] is None:
                entry["ipv4HomeAddress"] = str(next(self.hosts, "")) or None
            entry["timer"].clear()
            entry["timer"] = self.after(entry["lifetime"], lambda: self.expire(entry))
        if stamps:
            self.newest[nai] = int(stamp, 16)
        return given.status or ACCEPTED, "accepted", entry["prefixes"], entry["ipv4HomeAddress"], stamp

    def lookup(self, message, nai, source):
        """RFC 5213, 5.4.1.1 and 5.4.1.3, without link-layer identifiers. One thing is ours: a repeated first update from
        the same gateway for the same access technology belongs to the session that it made."""
        wanted = [(item["homeNetworkPrefix"], item["prefixLength"]) for item in mobileip.pick(message, 22)]
        handoff = mobileip.pick(message, 23)[0]["handoffIndicator"]
        att = mobileip.pick(message, 24)[0]["accessTechnologyType"]
        if any(prefix != "::" for prefix, _ in wanted):
            entry = next((e for e in self.entries if any(prefix in wanted for prefix in e["prefixes"])), None)
            if entry is None:
                return None, None
            if entry["identifier"] != nai:
                return None, NOT_AUTHORISED_FOR_PREFIX
            return entry, None if sorted(entry["prefixes"]) == sorted(wanted) else 159
        mine = [e for e in self.entries if e["identifier"] == nai]
        same = [e for e in mine if e["source"][0] == source[0] and e["accessTechnologyType"] == att]
        if same:
            return same[0], None
        return (mine[0], None) if len(mine) == 1 and handoff in (2, 3) else (None, None)

    def allocate(self, message):
        wanted = [(item["homeNetworkPrefix"], item["prefixLength"]) for item in mobileip.pick(message, 22)]
        given = next((prefix for prefix in wanted if prefix[0] != "::"), None)
        if given:                                                               # 5.3.2, 3: only prefixes of the pool
            inside = given[1] <= 128 and mobileip.network(*given).subnet_of(self.given.pool)
            return given if inside else NOT_AUTHORISED_FOR_PREFIX
        if self.free:
            return self.free.pop()
        for net in self.pool:
            prefix = (str(net.network_address), net.prefixlen)
            if not any(prefix in entry["prefixes"] for entry in self.entries):
                return prefix
        return INSUFFICIENT

    def remove(self, entry):
        entry["timer"].clear()
        if entry in self.entries:
            self.entries.remove(entry)
            self.free = entry["prefixes"] + self.free

    def expire(self, entry):
        self.remove(entry)
        self.emit("expired", identifier=entry["identifier"])

    # revocation: RFC 5846, 6 and 8.1 --------------------------------------------------------------------------------

    def revoke(self, selected, trigger, options, everyone=False, ipv4=False):
        """One indication to each gateway that has such bindings."""
        by_source = {}
        for entry in selected:
            by_source.setdefault(entry["source"], []).append(entry)
        if not by_source:
            self.emit("outcome", result="nothing", reason="no such bindings")
        for source, entries in by_source.items():
            while True:                                                         # 5.1: none outstanding has this number
                self.sequence = self.sequence + 1 & 0xffff
                if self.sequence not in self.outstanding:
                    break
            octets = mobileip.encode_mobility({
                "message": "bindingRevocationIndication", "type": mobileip.BINDING_REVOCATION, "options": options,
                "fields": {"revocationTrigger": trigger, "sequenceNumber": self.sequence, "proxyBinding": True,
                           "ipv4HoaBindingOnly": ipv4, "global": everyone}})
            self.transmit(octets, source, entries, ipv4)

    def transmit(self, octets, destination, entries, ipv4=False):
        message = mobileip.decode_mobility(octets)
        asked = {"octets": octets, "fields": message["fields"], "destination": destination, "entries": entries,
                 "ipv4": ipv4, "attempts": 0, "first": time.monotonic(), "timer": []}
        self.outstanding[message["fields"]["sequenceNumber"]] = asked
        self.attempt(asked)

    def attempt(self, asked):
        """6.3: the same message again, the delay doubled up to MAX_BRACK_TIMEOUT."""
        given = self.given
        if asked["attempts"] > given.bri_retries:
            self.outstanding.pop(asked["fields"]["sequenceNumber"], None)
            for entry in asked["entries"]:
                self.remove(entry)
            return self.outcome(asked, "unanswered", None, "no acknowledgement after the last retry")
        delay = min(given.bri_delay * 2 ** asked["attempts"], max(given.bri_timeout, given.bri_delay))
        asked["attempts"] += 1
        asked["timer"] = self.after(delay, lambda: self.attempt(asked))
        return self.send(asked["octets"], asked["destination"])

    def revoked(self, message, octets, source):
        """6.2.2."""
        fields, wrong = message["fields"], []
        asked = self.outstanding.get(fields["sequenceNumber"])
        if asked is None:
            return self.verdict("bindingRevocationAcknowledgement", "discarded", "matches no outstanding indication")
        if source != asked["destination"]:
            return self.verdict("bindingRevocationAcknowledgement", "discarded", f"comes from {source[0]}:{source[1]}")
        for name in mobileip.REVOCATION_FLAGS:
            if fields[name] != asked["fields"][name]:
                wrong.append(f"RFC 5846, 5.2: {name} is not that of the indication")
        if mobileip.pick(message, 22) and not fields["proxyBinding"]:
            wrong.append("RFC 5846, 5.2: home network prefix without P")
        self.outstanding.pop(fields["sequenceNumber"])
        asked["timer"].clear()
        status = fields["status"]
        if status < 128:
            for entry in asked["entries"]:
                if asked["ipv4"]:
                    entry["ipv4HomeAddress"] = None
                else:
                    self.remove(entry)
        self.verdict("bindingRevocationAcknowledgement", "accepted" if status < 128 else "rejected", f"status {status}",
                     status=status, sequenceNumber=fields["sequenceNumber"], remarks=wrong)
        return self.outcome(asked, "acknowledged", status, "")

    def outcome(self, asked, result, status, reason):
        self.emit("outcome", result=result, status=status, reason=reason, attempts=asked["attempts"],
                  sequenceNumber=asked["fields"]["sequenceNumber"], revocationTrigger=asked["fields"]["revocationTrigger"],
                  peer=self.where(asked["destination"]), roundTripTime=round(time.monotonic() - asked["first"], 6),
                  bindings=[entry["identifier"] for entry in asked["entries"]])

    # indications of a gateway: RFC 5846, 8.2 ------------------------------------------------------------------------

    def indicated(self, message, octets, source):
        fields = message["fields"]
        nai, trigger = mobileip.identifier(message), fields["revocationTrigger"]
        mine = [entry for entry in self.entries if entry["source"][0] == source[0]]
        selected, status = [], 0
        if not (trigger <= 7 or trigger in (PER_PEER, REALM)):                  # 6.2.1
            status = 133
        elif fields["global"] != (trigger in (PER_PEER, REALM)) or trigger == REALM:
            status = 134
        elif trigger == PER_PEER:
            if not fields["proxyBinding"]:
                status = 134
            elif nai is None or nai not in self.given.authorise:
                status = 130
            elif not mobileip.pick(message, 3):                                 # an IPv6 proxy CoA matches nothing here
                selected = mine
        else:
            wanted = [(item["homeNetworkPrefix"], item["prefixLength"]) for item in mobileip.pick(message, 22)]
            selected = [entry for entry in mine if entry["identifier"] == nai
                        and (not wanted or any(prefix in wanted for prefix in entry["prefixes"]))]
            status = 0 if selected else 128
        if fields["ipv4HoaBindingOnly"] and status == 0:
            asked = [item["ipv4HomeAddress"] for item in mobileip.pick(message, 36)]
            selected = [entry for entry in selected if [entry["ipv4HomeAddress"]] == asked]
            status = 129 if not asked else 0 if selected else 128
        for entry in selected if status == 0 else ():
            if fields["ipv4HoaBindingOnly"]:
                entry["ipv4HomeAddress"] = None
            else:
                self.remove(entry)
        self.verdict("bindingRevocationIndication", "accepted" if status < 128 else "rejected", f"status {status}",
                     status=status, sequenceNumber=fields["sequenceNumber"],
                     bindings=[entry["identifier"] for entry in selected])
        copied = {name: fields[name] for name in (*mobileip.REVOCATION_FLAGS, "sequenceNumber")}
        self.send(mobileip.encode_mobility({"message": "bindingRevocationAcknowledgement", "options": [],
                                            "type": mobileip.BINDING_REVOCATION, "fields": {**copied, "status": status}}),
                  source)

    # ----------------------------------------------------------------------------------------------------------------

    def verdict(self, of, verdict, reason, **values):
        self.emit("verdict", of=of, verdict=verdict, reason=reason, **values)

    def command(self, words):
        verb, rest = words[0], words[1:]
        if verb == "list":
            names = ("identifier", "lifetime", "accessTechnologyType", "ipv4HomeAddress")
            self.emit("bindings", bindings=[
                {**{name: entry[name] for name in names}, "proxyCareOfAddress": self.where(entry["source"]),
                 "prefixes": [{"prefix": p, "prefixLength": n} for p, n in entry["prefixes"]]} for entry in self.entries])
        elif verb == "raw":
            self.raw(bytes.fromhex(rest[0]), peer.endpoint(rest[1]) if rest[1:] else self.last)
        elif verb != "revoke":
            raise ValueError(COMMANDS)
        elif rest[0] == "realm":                                                # 8.1
            name = rest[1].lstrip("@")
            self.revoke([entry for entry in self.entries if mobileip.realm(entry["identifier"]) == name.lower()],
                        REALM, [{"type": 8, "identifier": "@" + name}], everyone=True)
        elif rest[0] == "peer":
            where = rest[1].partition(":")[0] if rest[1:] else None
            self.revoke([entry for entry in self.entries if where in (None, entry["source"][0])], PER_PEER, [], everyone=True)
        elif rest[0] in ("node", "prefix", "ipv4"):
            nai, more = rest[1], rest[2:]
            selected = [entry for entry in self.entries if entry["identifier"] == nai]
            options = [{"type": 8, "identifier": nai}]
            if rest[0] == "prefix":
                net = ipaddress.IPv6Network(more.pop(0))
                options.append({"type": 22, "prefixLength": net.prefixlen, "homeNetworkPrefix": str(net.network_address)})
                selected = [entry for entry in selected if (str(net.network_address), net.prefixlen) in entry["prefixes"]]
            if rest[0] == "ipv4":
                options.append({"type": 36, "prefixLen": 24, "ipv4HomeAddress": selected[0]["ipv4HomeAddress"]})
            trigger = int(more[0]) if more else 1                               # Administrative Reason
            self.revoke(selected, trigger, options, ipv4=rest[0] == "ipv4")
        else:
            raise ValueError(COMMANDS)

    def raw(self, octets, destination):
        if destination is None:
            raise ValueError("no gateway is known yet: raw HEX ADDRESS:PORT")
        try:
            if mobileip.decode_mobility(octets)["message"] == "bindingRevocationIndication":
                return self.transmit(octets, destination, [])
        except mobileip.Malformed:
            pass
        return self.send(octets, destination)


COMMANDS = ("revoke realm REALM, revoke peer [ADDRESS], revoke node NAI [TRIGGER], revoke prefix NAI PREFIX [TRIGGER], "
            "revoke ipv4 NAI [TRIGGER], raw HEX [ADDRESS:PORT], list")


def main():
    parser = peer.arguments(__doc__ + " Commands on stdin: " + COMMANDS + ".", "127.0.0.10:5436")
    parser.add_argument("--pool", type=ipaddress.IPv6Network, default=ipaddress.IPv6Network("2001:db8:100::/40"))
    parser.add_argument("--prefix-length", type=int, default=64)
    parser.add_argument("--ipv4-pool", type=ipaddress.IPv4Network, help="IPv4 home addresses (RFC 5844)")
    parser.add_argument("--lifetime", type=int, default=3600, metavar="SECONDS", help="the longest granted")
    parser.add_argument("--timestamp-window", type=float, default=0.3, metavar="SECONDS")
    parser.add_argument("--bri-retries", type=int, default=1, help="BRIMaxRetriesNumber")
    parser.add_argument("--bri-delay", type=float, default=1, metavar="SECONDS", help="InitMINDelayBRIs")
    parser.add_argument("--bri-timeout", type=float, default=2, metavar="SECONDS", help="MAX_BRACK_TIMEOUT")
    parser.add_argument("--authorise", action="append", default=[], metavar="NAI",
                        help="identity of a gateway that may revoke everything (RFC 5846, 13)")
    wrong = parser.add_argument_group("deliberate behaviour")
    wrong.add_argument("--status", type=int, help="of every acknowledgement of a valid proxy binding update")
    wrong.add_argument("--drop-first", type=int, default=0, metavar="N", help="ignores the first N proxy binding updates")
    wrong.add_argument("--clock-offset", type=float, default=0, metavar="SECONDS")
    LocalMobilityAnchor(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
