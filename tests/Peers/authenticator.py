#!/usr/bin/env python3
"""Recomputes the authenticator of a registration message (RFC 5944, 3.5.1). The message comes as hex on stdin, one per
line; the authenticator goes out as hex. A message that holds a Mobile-Home Authentication extension is covered up to and
with that extension's SPI, its own authenticator is not looked at; with --raw every octet given is covered."""
import argparse
import sys

import mobileip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--algorithm", choices=sorted(mobileip.DIGESTS), default="md5")
    parser.add_argument("--key", type=bytes.fromhex, required=True, metavar="HEX")
    parser.add_argument("--raw", action="store_true", help="the octets given are exactly the covered ones")
    arguments = parser.parse_args()
    failed = False
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            octets = bytes.fromhex("".join(line.split()))
            if not arguments.raw:
                item = mobileip.mobile_home_authentication(mobileip.decode_registration(octets))
                if item is None:
                    raise mobileip.Malformed("no mobile-home authentication extension")
                octets = octets[:item["offset"] + 6]
            print(mobileip.authenticator(octets, arguments.algorithm, arguments.key).hex(), flush=True)
        except ValueError as error:
            print(f"error: {error}", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
