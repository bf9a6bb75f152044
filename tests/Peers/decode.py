#!/usr/bin/env python3
"""Reference decode: one hex message per line (arguments, or stdin) to one JSON object per line."""
import argparse
import json
import struct
import sys

import mobileip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("hex", nargs="*", help="messages; without any, lines of stdin")
    parser.add_argument("--kind", choices=["registration", "mobility"],
                        help="default: mobility where the first octet is 59, else registration")
    parser.add_argument("--encode", action="store_true",
                        help="the other way round: JSON lines to hex, options exactly as listed")
    parser.add_argument("--align", action="store_true", help="with --encode: compute the padding of mobility options")
    arguments = parser.parse_args()
    failed = False
    for line in arguments.hex or sys.stdin:
        if not line.strip():
            continue
        try:
            if arguments.encode:
                print(mobileip.encode(json.loads(line), arguments.align).hex(), flush=True)
                continue
            message = mobileip.decode(bytes.fromhex("".join(line.split())), arguments.kind)
            message["remarks"] = mobileip.remarks(message)
        except (ValueError, KeyError, TypeError, struct.error) as error:
            message, failed = {"error": str(error)}, True
        print(json.dumps(message), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
