#!/usr/bin/env python3
"""A small mobile access gateway over UDP/IPv4 (RFC 5844, 4.2: the bare Mobility Header), to judge a local mobility
anchor: attaches mobile nodes (RFC 5213, 6.9) and answers Binding Revocation Indications (RFC 5846, 9.1)."""
import re
import sys
import time

import mobileip
import peer

SUCCESS, PARTIAL, NOT_EXIST, IPV4_REQUIRED = 0, 1, 128, 129                     # RFC 5846, 5.2
IDENTITY_REQUIRED, STILL_ATTACHED, TRIGGER_UNSUPPORTED, FUNCTION_UNSUPPORTED = 131, 132, 133, 134
PER_PEER, REALM = 128, 129
HANDOVER = (2, 3, 4)                                                            # inter-MAG handover triggers
REPEATED_WITHIN = 10                                                            # seconds in which equal octets are a retransmission


class Node:
    """A mobile node at this gateway: its Binding Update List entry (RFC 5213, 6.1)."""

    def __init__(self, nai):
        self.nai, self.prefixes, self.ipv4, self.lifetime = nai, [], None, 0
        self.attached, self.registered = True, False
        self.asked, self.tries, self.timer = None, 0, []        # the update that waits for its acknowledgement

    def listed(self):
        return {"identifier": self.nai, "prefixes": [{"prefix": p, "prefixLength": n} for p, n in self.prefixes],
                "ipv4HomeAddress": self.ipv4, "lifetime": self.lifetime, "attached": self.attached,
                "registered": self.registered}


class MobileAccessGateway(peer.Peer):
    role = "mobileAccessGateway"

    def __init__(self, given):
        super().__init__(given)
        self.nodes, self.sequence = {}, 0
        self.indications = {}       # octets of an indication -> (attempt, time of the last, acknowledgement or None)
        self.ignored = 0
        self.other = self.open(*given.bra_from) if given.bra_from else None
        self.revoking = None        # our own indication that waits (RFC 5846, 9.2)

    def now(self):
        return time.time() + self.given.clock_offset

    def started(self):
        for pattern in self.given.attach:
            for nai in expand(pattern):
                self.attach(nai)

    # proxy binding updates: RFC 5213, 6.9.1 -------------------------------------------------------------------------

    def attach(self, nai):
        node = self.nodes.setdefault(nai, Node(nai))
        node.attached = True
        self.update(node, self.given.lifetime, self.given.handoff_indicator)

    def update(self, node, lifetime, handoff, tries=0):
        """Sends a Proxy Binding Update; each retransmission has its own sequence number and timestamp."""
        self.sequence = self.sequence + 1 & 0xffff
        prefixes = node.prefixes or [("::", 0)]                                 # all zero: a request (RFC 5213, 6.9.1.1)
        options = [{"type": 8, "subtype": 1, "identifier": node.nai}]
        options += [{"type": 22, "prefixLength": length, "homeNetworkPrefix": prefix} for prefix, length in prefixes]
        options += [{"type": 23, "handoffIndicator": handoff}, {"type": 24, "accessTechnologyType": self.given.att}]
        if not self.given.no_timestamp:
            options.append({"type": 27, "timestamp": mobileip.timestamp(self.now())})
        if self.given.ipv4:
            options.append({"type": 36, "prefixLen": 0, "ipv4HomeAddress": node.ipv4})
        message = {"message": "bindingUpdate", "type": mobileip.BINDING_UPDATE, "options": options, "fields": {
            "sequenceNumber": self.sequence, "acknowledge": True, "proxyRegistration": True, "lifetime": lifetime // 4}}
        octets = mobileip.encode_mobility(message)
        node.timer.clear()
        node.asked, node.tries = mobileip.decode_mobility(octets), tries + 1
        node.timer = self.after(2 ** tries, lambda: self.unanswered(node, lifetime, handoff))
        self.send(octets, self.given.lma)

    def unanswered(self, node, lifetime, handoff):
        if node.tries < self.given.tries:
            return self.update(node, lifetime, handoff, node.tries)
        node.asked = None
        if lifetime == 0:
            self.forget(node)
        self.emit("unanswered", identifier=node.nai, attempts=node.tries)

    def acknowledged(self, message, source):
        """RFC 5213, 6.9.1.2, with the sequence number as the match."""
        fields, found = message["fields"], None
        for node in self.nodes.values():
            if node.asked and node.asked["fields"]["sequenceNumber"] == fields["sequenceNumber"]:
                found = node
        if found is None:
            return self.verdict("bindingAcknowledgement", "ignored", "matches no proxy binding update")
        if source != self.given.lma:
            return self.verdict("bindingAcknowledgement", "ignored", f"comes from {source[0]}:{source[1]}")
        node, asked, wrong = found, found.asked, []
        if not fields["proxyRegistration"]:
            return self.verdict("bindingAcknowledgement", "ignored", "P is clear (RFC 5213, 6.9.1.2)")
        for kind, name in ((8, "identifier"), (23, "handoffIndicator"), (24, "accessTechnologyType")):
            values = [[item[name] for item in mobileip.pick(each, kind)] for each in (message, asked)]
            if not values[0]:
                wrong.append(f"RFC 5213, 5.3.6: no {mobileip.OPTIONS[kind][0]}")
            elif values[0] != values[1]:
                return self.verdict("bindingAcknowledgement", "ignored", f"{name} {values[0]} is not ours {values[1]}")
        got = [(item["homeNetworkPrefix"], item["prefixLength"]) for item in mobileip.pick(message, 22)]
        sent = [(item["homeNetworkPrefix"], item["prefixLength"]) for item in mobileip.pick(asked, 22)]
        if not got:
            wrong.append("RFC 5213, 5.3.6: no home network prefix")
        times = [[item["timestamp"] for item in mobileip.pick(each, 27)] for each in (message, asked)]
        if bool(times[0]) != bool(times[1]):
            wrong.append("RFC 5213, 5.5: timestamp option exactly where the update had one")
        node.asked, _ = None, node.timer.clear()
        status = fields["status"]
        if status < 128:
            if times[0] and times[0] != times[1]:
                wrong.append("RFC 5213, 5.5: the timestamp of an accepted update is returned")
            if fields["lifetime"] > asked["fields"]["lifetime"]:
                wrong.append("the lifetime granted is longer than the one asked for")
            if sent != [("::", 0)] and sorted(got) != sorted(sent):
                wrong.append("RFC 5213, 5.3.6: other prefixes than those of the session")
            if ("::", 0) in got:
                wrong.append("RFC 5213, 5.3.6: an accepted update with a zero prefix")
            node.registered, node.lifetime, node.prefixes = True, fields["lifetime"] * 4, got
            node.ipv4 = next((item["ipv4HomeAddress"] for item in mobileip.pick(message, 37) if item["status"] < 128),
                             node.ipv4)
            if asked["fields"]["lifetime"] == 0:
                self.forget(node)
        elif sorted(got) != sorted(sent):
            wrong.append("RFC 5213, 5.3.6: a rejection returns the prefixes of the request")
        self.verdict("bindingAcknowledgement", "accepted" if status < 128 else "rejected", f"status {status}",
                     status=status, remarks=wrong, **node.listed())

    def forget(self, node):
        node.registered = False
        node.timer.clear()
        self.nodes.pop(node.nai, None)

    # binding revocation indications: RFC 5846, 9.1 ------------------------------------------------------------------

    def received(self, message, octets, source):
        if message["fields"]["payloadProto"] != mobileip.NO_NEXT_HEADER:        # RFC 6275, 9.2
            return self.verdict(message["message"], "discarded", "payload proto is not 59")
        name = message["message"]
        if name == "bindingAcknowledgement":
            return self.acknowledged(message, source)
        if name == "bindingRevocationAcknowledgement":
            return self.revoked(message, source)
        if name != "bindingRevocationIndication":
            return self.verdict(name, "discarded", "not for a mobile access gateway")
        return self.indicated(message, octets, source)

    def indicated(self, message, octets, source):
        fields, now = message["fields"], time.monotonic()
        attempt, last, answer = self.indications.get(octets, (0, None, None))
        if last is not None and now - last > REPEATED_WITHIN:
            attempt, last, answer = 0, None, None
        attempt += 1
        self.emit("indication", sequenceNumber=fields["sequenceNumber"], revocationTrigger=fields["revocationTrigger"],
                  attempt=attempt, sincePrevious=None if last is None else round(now - last, 6), source=self.where(source))
        self.indications[octets] = (attempt, now, answer)
        about = {"sequenceNumber": fields["sequenceNumber"], "attempt": attempt}
        if source[0] != self.given.lma[0]:                                      # RFC 5846, 6.2, 13
            return self.verdict("bindingRevocationIndication", "discarded", "not from our local mobility anchor", **about)
        if self.ignored < self.given.drop_first_bri:
            self.ignored += 1
            return self.verdict("bindingRevocationIndication", "discarded",
                                f"deliberately ignored, {self.ignored} of {self.given.drop_first_bri}", **about)
        if answer is not None:
            self.verdict("bindingRevocationIndication", "repeated", "the same acknowledgement again", **about)
            return self.answer(answer, source)
        if source[1] != self.given.lma[1]:
            about["remarks"] = ["RFC 5846, 4: not from the port that the proxy binding updates went to"]
        released = {}
        if self.given.status is None:
            status, reason, released, failed = self.judge(message)
        else:
            status, reason, failed = self.given.status, "deliberate status", []
            if status < 128:
                _, _, released, failed = self.judge(message)
        for node, prefixes in released.items():
            self.release(node, prefixes)
        self.verdict("bindingRevocationIndication", "accepted" if status < 128 else "rejected", reason, status=status,
                     released=sorted(node.nai for node in released), **about)
        copied = {name: fields[name] for name in mobileip.REVOCATION_FLAGS}     # 6.1.2
        sequence = fields["sequenceNumber"] + (1 if self.given.wrong_sequence else 0) & 0xffff
        answer = mobileip.encode_mobility({
            "message": "bindingRevocationAcknowledgement", "type": mobileip.BINDING_REVOCATION, "options": failed,
            "fields": {**copied, "status": status, "sequenceNumber": sequence}})
        self.indications[octets] = (attempt, now, answer)
        return self.answer(answer, source)

    def answer(self, octets, source):
        if self.given.silent:
            return
        if self.given.late:
            self.after(self.given.late, lambda: self.send(octets, source, self.other))
        else:
            self.send(octets, source, self.other)

    def judge(self, message):
        """(status, reason, {node: prefixes, "ipv4" or None for all of it}, options of what was not found)."""
        fields = message["fields"]
        trigger, proxy = fields["revocationTrigger"], fields["proxyBinding"]
        real = [item for item in message["options"] if item["type"] not in (0, 1)]
        nai, none = mobileip.identifier(message), ({}, [])
        if not (trigger <= 7 or trigger in (PER_PEER, REALM)):                  # 6.2.1
            return TRIGGER_UNSUPPORTED, f"trigger {trigger}", *none
        if fields["global"] != (trigger in (PER_PEER, REALM)):                  # 6.2.1
            return FUNCTION_UNSUPPORTED, "G and the kind of trigger do not fit", *none
        if trigger == PER_PEER:                                                 # 9.1, first rule
            if not proxy or real:
                return FUNCTION_UNSUPPORTED, "a per-peer indication has P set and no options", *none
            return SUCCESS, "all bindings of the peer", dict.fromkeys(self.registered()), []
        if trigger == REALM:                                                    # 9.1, second and third rule
            if not real or nai is None or not nai.startswith("@") or mobileip.pick(message, 3):
                return IDENTITY_REQUIRED, "no mobile node identifier of the form @realm", *none   # 3: no IPv6 proxy CoA here
            if not proxy:
                return FUNCTION_UNSUPPORTED, "P is clear", *none
            found = [node for node in self.registered() if mobileip.realm(node.nai) == mobileip.realm(nai)]
            if not found:
                return IDENTITY_REQUIRED, f"no bindings of realm {nai}", *none
            return SUCCESS, f"{len(found)} bindings of realm {nai}", dict.fromkeys(found), []
        node = self.nodes.get(nai)
        if not proxy or node is None or not node.registered:                    # 6.2.1
            return NOT_EXIST, f"no proxy binding of {nai}", *none
        if trigger in HANDOVER and node.attached:                               # 9.1, fourth rule
            return STILL_ATTACHED, f"{nai} is attached here", *none
        if fields["ipv4HoaBindingOnly"]:                                        # 9.1, fifth rule
            asked = [item["ipv4HomeAddress"] for item in mobileip.pick(message, 36)]
            if not asked:
                return IPV4_REQUIRED, "no IPv4 home address request option", *none
            if node.ipv4 is None or asked != [node.ipv4]:
                return NOT_EXIST, f"{asked} is not the IPv4 home address of {nai}", *none
            return SUCCESS, f"the IPv4 home address of {nai}", {node: "ipv4"}, []
        wanted = [(item["homeNetworkPrefix"], item["prefixLength"]) for item in mobileip.pick(message, 22)]
        if not wanted:
            return SUCCESS, f"all bindings of {nai}", {node: None}, []
        held = [prefix for prefix in wanted if prefix in node.prefixes]
        missing = [{"type": 22, "homeNetworkPrefix": prefix, "prefixLength": length}
                   for prefix, length in wanted if (prefix, length) not in node.prefixes]
        if not held:
            return NOT_EXIST, f"none of the prefixes belongs to {nai}", *none
        if missing:                                                             # 9.1, last rule
            return PARTIAL, "some prefixes are not there", {node: held}, [{"type": 8, "identifier": nai}] + missing
        return SUCCESS, f"{len(held)} prefixes of {nai}", {node: held}, []

    def registered(self):
        return [node for node in self.nodes.values() if node.registered]

    def release(self, node, prefixes):
        if prefixes == "ipv4":
            node.ipv4 = None
            return
        node.prefixes = [held for held in node.prefixes if prefixes is not None and held not in prefixes]
        if not node.prefixes:
            self.forget(node)

    # our own revocation of everything: RFC 5846, 9.2 ----------------------------------------------------------------

    def revoke_peer(self):
        self.sequence = self.sequence + 1 & 0xffff
        octets = mobileip.encode_mobility({
            "message": "bindingRevocationIndication", "type": mobileip.BINDING_REVOCATION,
            "options": [{"type": 8, "identifier": self.given.identity}],
            "fields": {"revocationTrigger": PER_PEER, "sequenceNumber": self.sequence, "proxyBinding": True, "global": True}})
        self.revoking = self.sequence
        self.send(octets, self.given.lma)

    def revoked(self, message, source):
        fields = message["fields"]
        if source != self.given.lma or fields["sequenceNumber"] != self.revoking:
            return self.verdict("bindingRevocationAcknowledgement", "discarded", "matches no outstanding indication")
        self.revoking = None
        if fields["status"] < 128:
            for node in self.registered():
                self.forget(node)
        self.verdict("bindingRevocationAcknowledgement", "accepted" if fields["status"] < 128 else "rejected",
                     f"status {fields['status']}", status=fields["status"], sequenceNumber=fields["sequenceNumber"])

    # ----------------------------------------------------------------------------------------------------------------

    def verdict(self, of, verdict, reason, **values):
        self.emit("verdict", of=of, verdict=verdict, reason=reason, **values)

    def command(self, words):
        verb, rest = words[0], words[1:]
        if verb == "attach":
            for pattern in rest:
                for nai in expand(pattern):
                    self.attach(nai)
        elif verb == "renew":
            self.update(self.nodes[rest[0]], self.given.lifetime, 5)            # RFC 5213, 6.9.1.3
        elif verb == "detach":
            self.update(self.nodes[rest[0]], 0, 4)                              # RFC 5213, 6.9.1.4
        elif verb == "left":
            self.nodes[rest[0]].attached = False                                # gone from the link, still registered
        elif verb == "list":
            self.emit("bindings", bindings=[node.listed() for node in self.nodes.values()])
        elif words == ["revoke", "peer"]:
            self.revoke_peer()
        elif verb == "raw":
            self.send(bytes.fromhex(rest[0]), peer.endpoint(rest[1]) if rest[1:] else self.given.lma)
        else:
            raise ValueError("attach NAI..., renew NAI, detach NAI, left NAI, revoke peer, raw HEX [ADDRESS:PORT], list")


def expand(pattern):
    """mn{1..3}@example.com as three identifiers."""
    found = re.fullmatch(r"(.*)\{(\d+)\.\.(\d+)\}(.*)", pattern)
    if not found:
        return [pattern]
    before, first, last, behind = found.groups()
    return [f"{before}{number}{behind}" for number in range(int(first), int(last) + 1)]


def main():
    parser = peer.arguments(__doc__ + " Commands on stdin: attach NAI..., renew NAI, detach NAI, left NAI, revoke peer, "
                            "raw HEX [ADDRESS:PORT], list.", "127.0.0.11:5436")
    parser.add_argument("--lma", type=lambda text: peer.endpoint(text, 5436), required=True, metavar="ADDRESS[:PORT]")
    parser.add_argument("--attach", action="append", default=[], metavar="NAI", help="also mn{1..100}@example.com")
    parser.add_argument("--lifetime", type=int, default=3600, metavar="SECONDS")
    parser.add_argument("--handoff-indicator", type=int, default=1)
    parser.add_argument("--att", type=int, default=4, help="access technology type")
    parser.add_argument("--ipv4", action="store_true", help="asks for an IPv4 home address too (RFC 5844, 3.3.1)")
    parser.add_argument("--no-timestamp", action="store_true")
    parser.add_argument("--tries", type=int, default=3, help="proxy binding updates sent before giving up")
    parser.add_argument("--identity", default="mag@example.net", help="the NAI of this gateway, for revoke peer")
    wrong = parser.add_argument_group("deliberate behaviour")
    wrong.add_argument("--clock-offset", type=float, default=0, metavar="SECONDS")
    wrong.add_argument("--drop-first-bri", type=int, default=0, metavar="N", help="ignores the first N indications")
    wrong.add_argument("--status", type=int, help="of every acknowledgement; 128 and up: nothing is released")
    wrong.add_argument("--wrong-sequence", action="store_true", help="acknowledges sequence number + 1")
    wrong.add_argument("--late", type=float, default=0, metavar="SECONDS", help="acknowledges so much later")
    wrong.add_argument("--bra-from", type=peer.endpoint, metavar="ADDRESS[:PORT]", help="acknowledges from another socket")
    wrong.add_argument("--silent", action="store_true", help="never acknowledges (but releases)")
    MobileAccessGateway(parser.parse_args()).run()


if __name__ == "__main__":
    sys.exit(main())
