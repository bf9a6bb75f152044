#!/usr/bin/env python3
"""Self tests of the peers: codecs against octets written by hand from the figures of the RFCs, each program over loopback.
Run: python3 -m unittest discover -s tests/Peers"""
import json
import pathlib
import queue
import random
import socket
import subprocess
import sys
import threading
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import make_vectors                                                             # noqa: E402
import mobileip                                                                 # noqa: E402

KEY = bytes.fromhex("31323334353637383132333435363738")
PATIENCE = 10


def octets(text):
    """Hex with blanks and # comments."""
    return bytes.fromhex("".join(line.partition("#")[0] for line in text.splitlines()))


# ------------------------------------------------------------------------------------- by hand, from the RFCs' figures

REQUEST = octets("""
    01 22 0708      # type 1, flags 0010 0010 = D T, lifetime 1800               RFC 5944, 3.3
    0a010107        # home address
    c0000201        # home agent
    c6336407        # care-of address
    eb1f0400 12345678
    83 0f 6d6e37406578616d706c652e636f6d                                        # 131, 15 octets: mn7@example.com
    98 12 01 40 20010db8000700010000000000000000                                # RFC 5454, Figure 1
    98 02 03 00                                                                 # RFC 5454, Figure 3
    20 14 00000100  # 32, 4 + 16, SPI 256                                        RFC 5944, 3.5.2
    d10f2621337ddb44630a7164169312e5                                            # openssl dgst -md5 -mac HMAC
""")
REPLY = octets("""
    03 00 0708      # type 3, code 0, lifetime                                   RFC 5944, 3.4
    0a010107 c0000201
    eb1f0400 12345678
    98 14 02 09 40 00 20010db8000700010000000000000000                          # RFC 5454, Figure 2
    98 14 02 00 ff 00 fe80000000000000000000000a010107
""")
ONE_BINDING = octets("""
    3b 06 10 00     # no next header, 8 + 6 * 8 octets, type 16                  RFC 5846, Figure 4
    0000 01 01      # checksum, B.R. type 1, trigger 1                           RFC 5846, Figure 5
    1234 8000       # sequence number, P
    08 10 01 6d6e37406578616d706c652e636f6d                                     # RFC 4283, 3: ends at 30
    01 04 00000000                                                              # PadN up to 36 = 8n+4
    16 12 00 40 20010db8010000070000000000000000                                # RFC 5213, 8.3
""")
PEER = octets("3b 01 10 00  0000 01 80  1234 a000  01 02 0000")                 # P G, 128, four octets of padding
REALM = octets("3b 03 10 00  0000 01 81  1234 a000  08 0d 01 406578616d706c652e636f6d  01 03 000000")
ACKNOWLEDGEMENT = octets("3b 01 10 00  0000 02 84  1234 8000  01 02 0000")      # RFC 5846, Figure 6: 132
ATTACH = octets("""
    3b 09 05 00     # 80 octets, type 5
    0000 0007       # checksum, sequence number                                  RFC 5213, 8.1
    8200 0384       # A and P, 900 units of 4 s
    08 10 01 6d6e37406578616d706c652e636f6d
    01 04 00000000
    16 12 00 00 00000000000000000000000000000000                                # ::/0, at 36
    17 02 00 01     # handoff indicator 1, at 56
    18 02 00 04     # access technology type 4, at 60
    01 00           # PadN of two octets up to 66 = 8n+2
    1b 08 000067748580 8000                                                     # RFC 5213, 8.8: 48 bits and 16 bits
    01 02 0000
""")
ATTACHED = octets("""
    3b 07 06 00
    0000 9c 20      # checksum, status 156, 0010 0000 = P                        RFC 5213, 8.2
    0007 0000
    08 10 01 6d6e37406578616d706c652e636f6d
    01 04 00000000
    16 12 00 00 00000000000000000000000000000000
    17 02 00 01 18 02 00 04
""")
HOME_TEST = octets("3b 02 03 00  0000 000d  0102030405060708  2122232425262728")    # RFC 6275, 6.1.5
IDENTIFIERS = octets("3b 02 06 00  0000 04 00  0007 0384  23 04 0007 00 00  23 04 0008 a6 00")  # RFC 5648, 4.3: statuses 0 and 166


class Codecs(unittest.TestCase):
    def test_registration_request(self):
        message = mobileip.decode(REQUEST)
        self.assertEqual("registrationRequest", message["message"])
        self.assertEqual({"type": 1, "simultaneousBindings": False, "broadcastDatagrams": False,
                          "decapsulationByMobileNode": True, "minimalEncapsulation": False, "greEncapsulation": False,
                          "r": False, "reverseTunneling": True, "x": False, "lifetime": 1800, "homeAddress": "10.1.1.7",
                          "homeAgent": "192.0.2.1", "careOfAddress": "198.51.100.7", "identification": "eb1f040012345678"},
                         message["fields"])
        self.assertEqual([(24, 131, "mn7@example.com"), (41, 152, 1), (61, 152, 3), (65, 32, 256)],
                         [(item["offset"], item["type"], item.get("mnNai") or item.get("subtype") or item.get("spi"))
                          for item in message["extensions"]])
        self.assertEqual(("2001:db8:7:1::", 64), (message["extensions"][1]["mobileIPv6NetworkPrefix"],
                                                  message["extensions"][1]["prefixLength"]))
        self.assertTrue(mobileip.verify(REQUEST, message["extensions"][3], "md5", KEY))
        self.assertFalse(mobileip.verify(REQUEST[:3] + b"\x09" + REQUEST[4:], message["extensions"][3], "md5", KEY))
        self.assertEqual([], mobileip.remarks(message))

    def test_registration_reply(self):
        first, second = mobileip.decode(REPLY)["extensions"]
        self.assertEqual((9, 64, 0, "2001:db8:7:1::"), tuple(first[name] for name in
                         ("code", "prefixLength", "reserved", "mobileIPv6NetworkPrefix")))
        self.assertEqual((0, 255, "fe80::a01:107"), tuple(second[name] for name in
                         ("code", "prefixLength", "mobileIPv6NetworkPrefix")))

    def test_binding_revocation_indications(self):
        message = mobileip.decode(ONE_BINDING)
        self.assertEqual({"payloadProto": 59, "headerLen": 6, "mhType": 16, "reserved": 0, "checksum": 0,
                          "bindingRevocationType": 1, "revocationTrigger": 1, "flagsReserved": 0, "proxyBinding": True,
                          "ipv4HoaBindingOnly": False, "global": False, "sequenceNumber": 0x1234}, message["fields"])
        self.assertEqual([(12, "mobileNodeIdentifier"), (30, "padN"), (36, "homeNetworkPrefix")],
                         [(item["offset"], item["name"]) for item in message["options"]])
        self.assertEqual("mn7@example.com", mobileip.identifier(message))
        everyone = mobileip.decode(PEER)
        self.assertEqual((128, True, False, True, 1), tuple(everyone["fields"][name] for name in
                         ("revocationTrigger", "proxyBinding", "ipv4HoaBindingOnly", "global", "headerLen")))
        self.assertEqual(["padN"], [item["name"] for item in everyone["options"]])
        self.assertEqual("@example.com", mobileip.identifier(mobileip.decode(REALM)))
        for each in (ONE_BINDING, PEER, REALM):
            self.assertEqual([], mobileip.remarks(mobileip.decode(each)))

    def test_binding_revocation_acknowledgement(self):
        message = mobileip.decode(ACKNOWLEDGEMENT)
        self.assertEqual("bindingRevocationAcknowledgement", message["message"])
        self.assertEqual((132, 0x1234, True, False), tuple(message["fields"][name] for name in
                         ("status", "sequenceNumber", "proxyBinding", "global")))

    def test_proxy_binding_update_and_acknowledgement(self):
        message = mobileip.decode(ATTACH)
        self.assertEqual([name for name in mobileip.UPDATE_FLAGS if message["fields"][name]],
                         ["acknowledge", "proxyRegistration"])
        self.assertEqual((7, 900), (message["fields"]["sequenceNumber"], message["fields"]["lifetime"]))
        self.assertEqual([(8, 12), (22, 36), (23, 56), (24, 60), (27, 66)],
                         [(item["type"], item["offset"]) for item in message["options"] if item["type"] > 1])
        self.assertEqual(1735689600.5, mobileip.from_timestamp(mobileip.pick(message, 27)[0]["timestamp"]))
        self.assertEqual(mobileip.pick(message, 27)[0]["timestamp"], mobileip.timestamp(1735689600.5))
        message = mobileip.decode(ATTACHED)
        self.assertEqual((156, True, 7), tuple(message["fields"][name] for name in
                         ("status", "proxyRegistration", "sequenceNumber")))

    def test_composing_gives_the_octets_of_the_figures(self):
        for each in (REQUEST, REPLY):
            self.assertEqual(each, mobileip.encode(mobileip.decode(each)))
        for each in (ONE_BINDING, PEER, REALM, ACKNOWLEDGEMENT, ATTACH, ATTACHED):
            message = mobileip.decode(each)
            self.assertEqual(each, mobileip.encode(message, align=False))
            message["options"] = [item for item in message["options"] if item["type"] > 1]
            message["fields"].pop("headerLen")
            self.assertEqual(each, mobileip.encode(message))                    # padding and length computed

    def test_checksum_added_up_by_hand(self):
        header = octets("3b 01 06 00  0000 00 80  002a 0008  01 02 0000")
        # 2001 + db8 + 1 + a and 2001 + db8 + 2 + b; 0010 and 0087; 3b01 + 0600 + 0000 + 0080 + 002a + 0008 + 0102
        total = 0x2001 + 0xdb8 + 1 + 0xa + 0x2001 + 0xdb8 + 2 + 0xb + 0x10 + 0x87 + 0x3b01 + 0x600 + 0x80 + 0x2a + 8 + 0x102
        self.assertEqual(~total & 0xffff, mobileip.checksum(header, "2001:db8:1::a", "2001:db8:2::b"))

    def test_authenticators_of_rfc_2202_and_rfc_4231(self):
        covered, key = b"what do ya want for nothing?", b"Jefe"
        for algorithm, expected in (("md5", "750c783e6ab0b503eaa86e310a5db738"),
                                    ("sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
                                    ("sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")):
            self.assertEqual(expected, mobileip.authenticator(covered, algorithm, key).hex())

    def test_every_cut_and_random_octets_are_decoded_or_refused(self):
        rng = random.Random(5846)
        samples = [REQUEST, REPLY, ONE_BINDING, PEER, REALM, ACKNOWLEDGEMENT, ATTACH, ATTACHED]
        cuts = [each[:length] for each in samples for length in range(len(each))]
        for _ in range(20000):
            each = bytearray(rng.choice(samples))
            for _ in range(rng.randrange(1, 6)):
                each[rng.randrange(len(each))] = rng.randrange(256)
            cuts.append(bytes(each))
        for each in cuts:
            try:
                message = mobileip.decode(each)
            except mobileip.Malformed:
                continue
            json.dumps([message, mobileip.remarks(message)]).encode("ascii")
            if message["message"] != "unknown" and "trailingData" not in message:
                self.assertEqual(each, mobileip.encode(message, align=False), each.hex())

    def test_remarks(self):
        for spoil, word in ((lambda m: m["fields"].update(checksum=1), "checksum"),
                            (lambda m: m["fields"].update(flagsReserved=1), "reserved"),
                            (lambda m: m["fields"].update(proxyBinding=False), "without P"),
                            (lambda m: m["fields"].update(**{"global": True}), "trigger"),
                            (lambda m: m["options"].pop(1), "not aligned")):
            message = mobileip.decode(ONE_BINDING)
            spoil(message)
            message["fields"].pop("headerLen")
            self.assertIn(word, " ".join(mobileip.remarks(mobileip.decode(mobileip.encode(message, align=False)))))


class Vectors(unittest.TestCase):
    def read(self, name):
        return json.loads((HERE.parent / "Vectors" / f"{name}.json").read_text(encoding="utf-8"))

    def test_files_are_what_make_vectors_writes(self):
        for name, make in make_vectors.FILES.items():
            self.assertEqual(make_vectors.text(list(make())),
                             (HERE.parent / "Vectors" / f"{name}.json").read_text(encoding="utf-8"))

    def test_octets_and_fields_agree(self):
        for vector in (vector for name in make_vectors.FILES for vector in self.read(name)):
            with self.subTest(vector["name"]):
                message = mobileip.decode(bytes.fromhex(vector["hex"]))
                for name in ("message", "type", "fields", *{"extensions", "options"} & set(vector)):
                    self.assertEqual(vector[name], message[name])
                self.assertEqual(vector["hex"], mobileip.encode(message, align=False).hex())
                if vector["canonical"]:
                    self.assertEqual([], mobileip.remarks(message))
                if "key" in vector:
                    item = mobileip.mobile_home_authentication(message)
                    self.assertEqual(vector["authenticatorValid"], mobileip.verify(
                        bytes.fromhex(vector["hex"]), item, vector["algorithm"], bytes.fromhex(vector["key"])))

    def test_vectors_hold_the_octets_written_by_hand(self):
        found = {vector["name"]: vector["hex"] for name in make_vectors.FILES for vector in self.read(name)}
        for name, each in (("request-prefix-tunneling-mode-nai-md5", REQUEST), ("indication-one-binding", ONE_BINDING),
                           ("indication-peer", PEER), ("indication-realm", REALM), ("update-attach", ATTACH),
                           ("acknowledgement-132-mn-is-attached", ACKNOWLEDGEMENT), ("home-test", HOME_TEST),
                           ("acknowledged-binding-identifiers", IDENTIFIERS)):
            self.assertEqual(each.hex(), found[name])


# --------------------------------------------------------------------------------------------------- programs at work

class Program:
    """One of the programs as a child process; its events come through a queue."""

    def __init__(self, name, *arguments):
        self.child = subprocess.Popen([sys.executable, str(HERE / name), "--until-eof", *map(str, arguments)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.events, self.faults = queue.Queue(), []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        ready = self.wait("ready")
        self.address = (ready["address"], ready["port"])

    def read(self):
        for line in self.child.stdout:
            event = json.loads(line)
            self.events.put(event)
            if "trace" in event:
                self.faults.append(event)

    def wait(self, event, **values):
        """The next event of this kind with these values; those before it are dropped."""
        end = time.monotonic() + PATIENCE
        while True:
            got = self.events.get(timeout=max(0.01, end - time.monotonic()))
            if got["event"] == event and all(got.get(name) == value for name, value in values.items()):
                return got

    def say(self, command):
        self.child.stdin.write(command + "\n")

    def close(self):
        self.child.stdin.close()
        self.child.wait(PATIENCE)
        self.reader.join(PATIENCE)
        self.child.stdout.close()
        if self.faults:
            raise AssertionError(self.faults[0]["trace"])


class MobileNode:
    """Just enough of a mobile node to ask a home agent."""

    def __init__(self, agent, home="10.1.1.7", algorithm="md5", spi=256, key=KEY):
        self.agent, self.home, self.algorithm, self.spi, self.key = agent, home, algorithm, spi, key
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(1)

    def ask(self, *extensions, at=None, valid=True, silent=False, **fields):
        self.identification = f"{mobileip.ntp(time.time() if at is None else at):016x}"
        message = {"type": 1, "extensions": extensions, "fields": {
            "decapsulationByMobileNode": True, "lifetime": 300, "homeAddress": self.home, "homeAgent": self.agent.address[0],
            "careOfAddress": "127.0.0.1", "identification": self.identification, **fields}}
        request = mobileip.authenticate(mobileip.encode_registration(message), self.algorithm, self.key, self.spi)
        self.socket.sendto(request if valid else request[:-1] + bytes([request[-1] ^ 1]), self.agent.address)
        if silent:
            self.socket.settimeout(0.15)
        try:
            got = self.socket.recv(65536)
        except TimeoutError:
            return None
        finally:
            self.socket.settimeout(1)
        reply = mobileip.decode_registration(got)
        reply["authentic"] = mobileip.verify(got, mobileip.mobile_home_authentication(reply), self.algorithm, self.key)
        return reply

    def codes(self, reply):
        return {f"{item['mobileIPv6NetworkPrefix']}/{item['prefixLength']}": item["code"]
                for item in reply["extensions"] if item["name"] == "ipv6PrefixReply"}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()


MODE = {"type": 152, "subtype": 3}


def want(prefix, length=64):
    return {"type": 152, "subtype": 1, "prefixLength": length, "mobileIPv6NetworkPrefix": prefix}


class HomeAgentTests(unittest.TestCase):
    def agent(self, *arguments, **node):
        agent = Program("home_agent.py", "--listen", "127.0.0.1:0", "--key", KEY.hex(), "--accept", "2001:db8:7::/48", *arguments)
        self.addCleanup(agent.close)
        mobile = MobileNode(agent, **node)
        self.addCleanup(mobile.socket.close)
        return agent, mobile

    def test_prefixes_are_accepted_and_rejected_one_by_one(self):
        agent, mobile = self.agent()
        reply = mobile.ask(want("2001:db8:7:1::"), want("2001:db8:ffff::"), MODE)
        self.assertTrue(reply["authentic"])
        self.assertEqual((0, 300, mobile.identification), tuple(reply["fields"][name] for name in
                                                                ("code", "lifetime", "identification")))
        self.assertEqual({"2001:db8:7:1::/64": 1, "2001:db8:ffff::/64": 9}, mobile.codes(reply))
        self.assertEqual("accepted", agent.wait("verdict")["verdict"])
        self.assertEqual({"2001:db8:7:1::/64": 0}, mobile.codes(mobile.ask(want("2001:db8:7:1::"))))
        self.assertEqual({"2001:db8:7:1::/64": 0}, mobile.codes(mobile.ask(
            want("2001:db8:7:1::"), MODE, decapsulationByMobileNode=False)))
        self.assertEqual({"2001:db8:7:1::/129": 8, "fe80::1/255": 9}, mobile.codes(mobile.ask(
            want("2001:db8:7:1::", 129), want("fe80::1", 255))))

    def test_algorithms_and_link_local(self):
        for algorithm in ("sha1", "sha256"):
            _, mobile = self.agent("--algorithm", algorithm, "--spi", 999, "--accept-link-local", algorithm=algorithm, spi=999)
            reply = mobile.ask(want("fe80::1", 255), MODE)
            self.assertTrue(reply["authentic"])
            self.assertEqual({"fe80::1/255": 0}, mobile.codes(reply))

    def test_overlap_between_mobile_nodes(self):
        agent, mobile = self.agent()
        mobile.ask(want("2001:db8:7:1::"))
        with MobileNode(agent, home="10.1.1.8") as other:
            self.assertEqual({"2001:db8:7::/56": 8}, other.codes(other.ask(want("2001:db8:7::", 56))))
            mobile.ask(lifetime=0, careOfAddress=mobile.home)
            self.assertEqual({"2001:db8:7::/56": 0}, other.codes(other.ask(want("2001:db8:7::", 56))))
        agent.say("list")
        self.assertEqual(["10.1.1.8"], [each["homeAddress"] for each in agent.wait("bindings")["bindings"]])

    def test_what_is_denied_and_what_is_discarded(self):
        agent, mobile = self.agent()
        self.assertEqual(131, mobile.ask(valid=False)["fields"]["code"])
        self.assertEqual(136, mobile.ask(homeAgent="192.0.2.99")["fields"]["code"])
        self.assertIsNone(mobile.ask({"type": 100, "data": ""}, silent=True))
        self.assertEqual(0, mobile.ask({"type": 200, "data": "00"})["fields"]["code"])
        mobile.spi = 7
        self.assertIsNone(mobile.ask(silent=True))
        agent.wait("verdict", verdict="discarded", reason="no security association with SPI 7")
        mobile.socket.sendto(b"\x01\x02", agent.address)
        agent.wait("malformed")

    def test_timestamps_and_resynchronisation(self):
        _, mobile = self.agent("--clock-offset", 100)
        reply = mobile.ask()
        self.assertEqual((133, True), (reply["fields"]["code"], reply["authentic"]))
        self.assertEqual(mobile.identification[8:], reply["fields"]["identification"][8:])
        ahead = int(reply["fields"]["identification"][:8], 16) - int(mobile.identification[:8], 16)
        self.assertIn(ahead, (99, 100, 101))
        now = time.time() + ahead
        self.assertEqual(0, mobile.ask(at=now)["fields"]["code"])
        self.assertEqual(133, mobile.ask(at=now)["fields"]["code"])             # not greater than the last
        self.assertEqual(0, mobile.ask(at=now + 6)["fields"]["code"])
        self.assertEqual(133, mobile.ask(at=now + 9)["fields"]["code"])

    def test_lifetime_and_nai(self):
        _, mobile = self.agent("--maximum-lifetime", 60, "--home-network", "10.2.0.0/24")
        self.assertEqual(129, mobile.ask()["fields"]["code"])
        mobile.home = "0.0.0.0"
        reply = mobile.ask({"type": 131, "mnNai": "mn7@example.com"})
        self.assertEqual((0, 60, "10.2.0.1"), tuple(reply["fields"][name] for name in ("code", "lifetime", "homeAddress")))
        self.assertEqual("mn7@example.com", reply["extensions"][0]["mnNai"])

    def test_deliberate_behaviours(self):
        one, two = want("2001:db8:7:1::"), want("2001:db8:7:2::")
        _, mobile = self.agent("--no-prefix-replies")
        self.assertEqual({}, mobile.codes(mobile.ask(one)))
        _, mobile = self.agent("--omit-reply-for", "2001:db8:7:1::/64", "--extra-reply", "2001:db8:9::/64")
        self.assertEqual({"2001:db8:7:2::/64": 0, "2001:db8:9::/64": 0}, mobile.codes(mobile.ask(one, two)))
        _, mobile = self.agent("--reply-code", 129)
        reply = mobile.ask(one)
        self.assertEqual((129, {"2001:db8:7:1::/64": 0}), (reply["fields"]["code"], mobile.codes(reply)))
        _, mobile = self.agent("--prefix-code", 8)
        self.assertEqual({"2001:db8:7:1::/64": 8}, mobile.codes(mobile.ask(one)))
        _, mobile = self.agent("--bad-authenticator", "--wrong-identification")
        reply = mobile.ask()
        self.assertFalse(reply["authentic"])
        self.assertEqual(f"{int(mobile.identification, 16) ^ 0xffffffff:016x}", reply["fields"]["identification"])
        _, mobile = self.agent("--drop-first", 2)
        self.assertEqual([None, None, 0], [answer and answer["fields"]["code"] for answer in
                                           [mobile.ask(silent=True), mobile.ask(silent=True), mobile.ask()]])

    def test_random_datagrams_leave_it_running(self):
        agent, mobile = self.agent()
        rng = random.Random(5454)
        for number in range(3000):
            each = bytearray(REQUEST) if number % 2 else bytearray(rng.randbytes(rng.randrange(200)))
            for _ in range(3 if each else 0):
                each[rng.randrange(len(each))] = rng.randrange(256)
            mobile.socket.sendto(bytes(each), agent.address)
        with MobileNode(agent) as another:
            another.socket.settimeout(PATIENCE)
            self.assertEqual(0, another.ask()["fields"]["code"])


class RevocationTests(unittest.TestCase):
    def pair(self, anchor=(), gateway=(), attach=("mn{1..3}@example.com", "mn7@example.org", "mn8@sub.example.com")):
        lma = Program("local_mobility_anchor.py", "--listen", "127.0.0.1:0", "--timestamp-window", 5, *anchor)
        self.addCleanup(lma.close)
        mag = Program("mobile_access_gateway.py", "--listen", "127.0.0.2:0", "--lma", "127.0.0.1:%d" % lma.address[1], *gateway)
        self.addCleanup(mag.close)
        for pattern in attach:
            mag.say("attach " + pattern)
        count = sum(3 if "{" in pattern else 1 for pattern in attach)
        verdicts = [mag.wait("verdict", of="bindingAcknowledgement") for _ in range(count)]
        self.assertEqual([[]] * count, [each["remarks"] for each in verdicts])
        return lma, mag

    def listed(self, program):
        program.say("list")
        return sorted(each["identifier"] for each in program.wait("bindings")["bindings"])

    def test_attach_renew_detach(self):
        lma, mag = self.pair(attach=["mn1@example.com"])
        mag.say("renew mn1@example.com")
        got = mag.wait("verdict", of="bindingAcknowledgement")
        self.assertEqual(("accepted", [], "2001:db8:100::"), (got["verdict"], got["remarks"], got["prefixes"][0]["prefix"]))
        mag.say("detach mn1@example.com")
        got = mag.wait("verdict", of="bindingAcknowledgement")
        self.assertEqual(("accepted", []), (got["verdict"], got["remarks"]))
        self.assertEqual(([], []), (self.listed(lma), self.listed(mag)))

    def test_realm(self):
        lma, mag = self.pair()
        lma.say("revoke realm Example.com")
        got = lma.wait("outcome")
        self.assertEqual((0, 129, 1), (got["status"], got["revocationTrigger"], got["attempts"]))
        self.assertEqual(["mn7@example.org", "mn8@sub.example.com"], self.listed(lma))
        self.assertEqual(["mn7@example.org", "mn8@sub.example.com"], self.listed(mag))

    def test_peer_node_prefix_and_ipv4(self):
        lma, mag = self.pair(["--ipv4-pool", "10.9.0.0/24"], ["--ipv4"])
        for command, left in (("revoke ipv4 mn1@example.com 5", 5), ("revoke node mn1@example.com", 4),
                              ("revoke prefix mn2@example.com 2001:db8:100:1::/64", 3), ("revoke peer 127.0.0.2", 0)):
            lma.say(command)
            self.assertEqual(0, lma.wait("outcome")["status"], command)
            self.assertEqual((left, left), (len(self.listed(lma)), len(self.listed(mag))), command)

    def test_rules_of_section_9_1(self):
        lma, mag = self.pair(["--bri-retries", 0], ["--ipv4"], ["mn1@example.com"])
        node, wrong = {"type": 8, "identifier": "mn1@example.com"}, {"type": 8, "identifier": "nobody@example.com"}
        prefix = {"type": 22, "prefixLength": 64, "homeNetworkPrefix": "2001:db8:999::"}
        cases = [(133, 99, "P", [node]), (133, 250, "P", [node]), (134, 1, "PG", [node]), (134, 129, "P", [node]),
                 (134, 128, "G", []), (134, 128, "PG", [node]), (131, 129, "PG", []), (131, 129, "PG", [node]),
                 (131, 129, "PG", [{"type": 8, "identifier": "@example.net"}]), (128, 1, "P", [wrong]), (128, 1, "P", []),
                 (128, 1, "P", [node, prefix]), (132, 4, "P", [node]), (129, 1, "PV", [node]),
                 (128, 1, "PV", [node, {"type": 36, "prefixLen": 24, "ipv4HomeAddress": "10.8.8.8"}]),
                 (1, 1, "P", [node, prefix, {**prefix, "homeNetworkPrefix": "2001:db8:100::"}])]
        for number, (status, trigger, bits, options) in enumerate(cases):
            raw = mobileip.encode_mobility({"message": "bindingRevocationIndication", "type": 16, "options": options, "fields": {
                "revocationTrigger": trigger, "sequenceNumber": number, "proxyBinding": "P" in bits,
                "ipv4HoaBindingOnly": "V" in bits, "global": "G" in bits}})
            lma.say("raw " + raw.hex())
            got = lma.wait("verdict", of="bindingRevocationAcknowledgement", sequenceNumber=number)
            self.assertEqual((status, []), (got["status"], got["remarks"]), cases[number])
        self.assertEqual([], self.listed(mag))

    def test_handover_trigger_after_the_node_left(self):
        lma, mag = self.pair(attach=["mn1@example.com"])
        lma.say("revoke node mn1@example.com 4")
        self.assertEqual(132, lma.wait("outcome")["status"])
        mag.say("left mn1@example.com")
        self.listed(mag)    # the answer comes when the gateway has taken the command before it
        lma.say("revoke node mn1@example.com 4")
        self.assertEqual(0, lma.wait("outcome")["status"])

    def test_dropped_indication_comes_again_with_the_same_number(self):
        lma, mag = self.pair(["--bri-delay", "0.5"], ["--drop-first-bri", 1], ["mn1@example.com"])
        lma.say("revoke node mn1@example.com")
        first, second = mag.wait("indication"), mag.wait("indication")
        self.assertEqual(first["sequenceNumber"], second["sequenceNumber"])
        self.assertEqual((1, 2), (first["attempt"], second["attempt"]))
        outcome = lma.wait("outcome")
        self.assertEqual(2, outcome["attempts"])
        self.assertGreaterEqual(outcome["roundTripTime"], 0.5)    # by the sender's clock: the receiver may have been kept from its turn

    def test_deliberate_acknowledgements(self):
        for arguments, result, status in ((["--status", 135], "acknowledged", 135), (["--silent"], "unanswered", None),
                                          (["--wrong-sequence"], "unanswered", None), (["--late", "0.1"], "acknowledged", 0),
                                          (["--bra-from", "127.0.0.3"], "unanswered", None)):
            with self.subTest(arguments[0]):
                lma, _ = self.pair(["--bri-delay", "0.3", "--bri-retries", 0], arguments, ["mn1@example.com"])
                lma.say("revoke node mn1@example.com")
                got = lma.wait("outcome")
                self.assertEqual((result, status), (got["result"], got["status"]))

    def test_gateway_revokes_everything(self):
        lma, mag = self.pair(attach=["mn1@example.com"])
        mag.say("revoke peer")
        self.assertEqual(130, mag.wait("verdict", of="bindingRevocationAcknowledgement")["status"])
        lma, mag = self.pair(["--authorise", "mag@example.net"], attach=["mn1@example.com"])
        mag.say("revoke peer")
        self.assertEqual(0, mag.wait("verdict", of="bindingRevocationAcknowledgement")["status"])
        self.assertEqual(([], []), (self.listed(lma), self.listed(mag)))

    def test_refused_updates(self):
        for arguments, gateway, status in ((["--status", 129], [], 129), ([], ["--clock-offset", 60], 156)):
            with self.subTest(status):
                _, mag = self.pair(arguments, gateway, attach=[])
                mag.say("attach mn1@example.com")
                got = mag.wait("verdict", of="bindingAcknowledgement")
                self.assertEqual(("rejected", status, []), (got["verdict"], got["status"], got["remarks"]))

    def test_random_datagrams_leave_both_running(self):
        lma, mag = self.pair(attach=["mn1@example.com"])
        rng, sender = random.Random(5846), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with sender:
            sender.bind(("127.0.0.9", 0))
            for number in range(3000):
                each = bytearray(rng.choice([ATTACH, ATTACHED, PEER, REALM, ACKNOWLEDGEMENT, rng.randbytes(60)]))
                for _ in range(3):
                    each[rng.randrange(len(each))] = rng.randrange(256)
                sender.sendto(bytes(each), (lma if number % 2 else mag).address)
        self.assertIn("mn1@example.com", self.listed(lma))
        self.assertEqual(["mn1@example.com"], self.listed(mag))


class ToolTests(unittest.TestCase):
    def run_tool(self, *arguments, text=""):
        return subprocess.run([sys.executable, *map(str, arguments)], input=text, capture_output=True, text=True,
                              cwd=HERE, timeout=PATIENCE)

    def test_decode(self):
        got = self.run_tool("decode.py", text=PEER.hex() + "\n00\n")
        lines = [json.loads(line) for line in got.stdout.splitlines()]
        self.assertEqual(("bindingRevocationIndication", 1), (lines[0]["message"], got.returncode))
        self.assertIn("error", lines[1])
        again = self.run_tool("decode.py", "--encode", text=json.dumps(lines[0]) + "\n")
        self.assertEqual(PEER.hex(), again.stdout.strip())

    def test_authenticator(self):
        got = self.run_tool("authenticator.py", "--algorithm", "md5", "--key", KEY.hex(), text=REQUEST.hex() + "\n")
        self.assertEqual(REQUEST[-16:].hex(), got.stdout.strip())

    def test_end(self):
        for end in ("terminate", "kill"):
            child = subprocess.Popen([sys.executable, str(HERE / "home_agent.py"), "--listen", "127.0.0.1:0", "--key", "00"],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
            self.assertEqual("ready", json.loads(child.stdout.readline())["event"])
            getattr(child, end)()
            rest = child.stdout.read()
            child.stdout.close()
            if end == "terminate":
                self.assertEqual((0, "terminated"), (child.wait(PATIENCE), json.loads(rest)["reason"]))
            else:
                child.wait(PATIENCE)


if __name__ == "__main__":
    unittest.main()
