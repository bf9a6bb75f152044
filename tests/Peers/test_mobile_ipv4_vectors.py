#!/usr/bin/env python3
"""The vectors of mobile_ipv4_vectors.py against octets written by hand from the figures of the RFCs."""
import hashlib
import hmac
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import make_vectors                                                             # noqa: E402
import mobile_ipv4_vectors                                                      # noqa: E402

# By hand, without the authentication extension of 22 octets at the end where there is one.
BY_HAND = {
    "revocation-by-home-agent-inform": """
        07 00 c000      # type 7, A and I                                       RFC 3543, 3.3
        0a010107 c0000201 c6336407 67748580
    """,
    "revocation-by-foreign-agent": "07 00 0000 0a010107 c0000201 c6336407 67748580",
    "acknowledgment-informed": "0f 00 8000 0a010107 67748580                    # type 15, I: 3.4",
    "tunnel-data-gre": """
        04 2f 0000      # type 4, next header 47                                RFC 3519, 3.3
        0000 0800       # GRE without options, IPv4                             RFC 2784, 2.1
        45 00 001c 0001 0000 40 01 add7 0a010107 c0000201
        08 00 f7fd 0001 0001
    """,
    "request-udp-tunnel-gre": """
        01 22 0708 0a010107 c0000201 c6336407 eb1f0400 12345678
        90 06 00 00 00 2f 0000                                                  # 144, 6, encapsulation 47: 3.1
    """,
    "reply-udp-tunnel-forced": """
        03 00 0708 0a010107 c0000201 eb1f0400 12345678
        2c 06 00 00 8000 006e                                                   # 44, 6, F, 110 s: 3.2
    """,
    "request-critical": """
        01 02 0708 0a010107 c0000201 c6336407 eb1f0400 12345678
        26 00 0009 00007ed9 0102 0a0b0c                                         # 38, reserved, 9: RFC 3115, 2.1
        83 0f 6d6e37406578616d706c652e636f6d
    """,
    "request-normal": """
        01 02 0708 0a010107 c0000201 c6336407 eb1f0400 12345678
        86 0b 0000 00007ed9 0102 0a0b0c                                         # 134, 11, reserved: 2.2
        83 0f 6d6e37406578616d706c652e636f6d
    """,
    "reply-revocation-support-inform": """
        03 00 0708 0a010107 c0000201 eb1f0400 12345678
        20 14 00000100 AUTHENTICATOR
        89 06 8000 67748580                                                     # 137, 6, I: RFC 3543, 3.2
    """,
    "request-mobile-network": """
        01 02 0708 0a010107 c0000201 c6336407 eb1f0400 12345678
        94 06 00 18 0a090800                                                    # 148, 6, subtype 0, /24: RFC 5177
    """,
    "reply-mobile-network-implicit": """
        03 00 0708 0a010107 c0000201 eb1f0400 12345678
        94 08 02 00 18 00 0a090800                                              # 148, 8, subtype 2, code 0
    """,
}


class MobileIPv4Vectors(unittest.TestCase):
    vectors = {vector["name"]: vector for make in mobile_ipv4_vectors.FILES.values() for vector in make()}

    def test_by_hand(self):
        for name, text in BY_HAND.items():
            with self.subTest(name):
                vector = self.vectors[name]
                plain = "".join("".join(line.partition("#")[0].split()) for line in text.splitlines())
                head, _, tail = plain.partition("AUTHENTICATOR")
                body = vector["hex"] if "key" not in vector else vector["hex"][:-44]
                self.assertTrue(body.startswith(head) and body.endswith(tail))
                self.assertEqual(len(plain) if not tail else len(head + tail) + 32, len(body))

    def test_files_are_what_make_vectors_writes(self):
        for name, make in mobile_ipv4_vectors.FILES.items():
            self.assertEqual(make_vectors.text(list(make())), (HERE.parent / "Vectors" / f"{name}.json").read_text(encoding="utf-8"))

    def test_the_last_authentication_extension_covers_all_before_its_authenticator(self):
        for vector in self.vectors.values():
            if "key" in vector and vector["extensions"][-1]["type"] == vector["authentication"]:
                with self.subTest(vector["name"]):
                    octets, digest = bytes.fromhex(vector["hex"]), getattr(hashlib, vector["algorithm"])
                    size = digest().digest_size
                    right = hmac.new(bytes.fromhex(vector["key"]), octets[:-size], digest).digest() == octets[-size:]
                    self.assertEqual(vector["authenticatorValid"], right)

    def test_names_are_unique_in_each_file(self):
        for make in mobile_ipv4_vectors.FILES.values():
            names = [vector["name"] for vector in make()]
            self.assertEqual(len(names), len(set(names)))


if __name__ == "__main__":
    unittest.main()
