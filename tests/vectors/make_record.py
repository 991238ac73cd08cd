#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Known answers of protocol/record by another implementation: Python's hashlib, integers for P-256,
and the package "cryptography" for Ed25519. Prints what tests/unit/protocol/record compares with;
with a folder as argument, writes the corpus of tests/fuzz/fuzz_record.c there."""
import base64
import hashlib
import os
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

Q = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def sha(b):
    return hashlib.sha256(b).digest()


def leaf(b):
    return b"\x01" + len(b).to_bytes(4, "big") + b


def node(*c):
    return b"\x00" + len(c).to_bytes(4, "big") + b"".join(c)


def u64(v):
    return leaf(v.to_bytes(8, "big"))


def u32(v):
    return leaf(v.to_bytes(4, "big"))


def tagged(tag, *c):
    return node(leaf(b"urna/1/" + tag.encode()), *c)


def h(tag, *c):
    return sha(tagged(tag, *c))


def challenge(tag, *c):
    seed = sha((384).to_bytes(4, "big") + tagged(tag, *c))
    stream = b"".join(sha(seed + i.to_bytes(4, "big")) for i in range(2))
    return int.from_bytes(stream[:48], "big") % Q


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        s = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        s = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (s * s - a[0] - b[0]) % P
    return x, (s * (a[0] - x) - a[1]) % P


def multiple(k, a=G):
    r = None
    while k:
        r = add(r, a) if k & 1 else r
        a = add(a, a)
        k >>= 1
    return r


def point(p):
    return node(*(leaf(b"\0" + v.to_bytes(32, "big")) for v in p))


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def line(name, kind, key, blob):
    key_id = sha(name + b"\n" + bytes([kind]) + public(key))[:4]
    return "— ".encode() + name + b" " + base64.b64encode(key_id + blob) + b"\n"


EID, ROOT, OBJECT, D = (sha(b) for b in (b"eid", b"root", b"object", b"manifest"))
CODE = bytes(range(1, 17)) + b"\0"
s = challenge("credential", leaf(D), leaf(CODE))
S = point(multiple(s))


def entry(kind, *fields):
    return node(leaf(kind.encode()), leaf(EID), *fields)


ENTRIES = [
    entry("manifest", leaf(OBJECT), u64(77)), entry("ceremony", leaf(OBJECT), u64(2)),
    entry("credentials", leaf(OBJECT), u64(9)), entry("open"),
    entry("ballot", leaf(OBJECT), u64(777), u32(3)), entry("void", leaf(OBJECT), u64(700)),
    entry("credential", S, leaf(b"north"), u32(5), leaf(bytes(range(64)))), entry("suspend"),
    entry("resume"), entry("close"), entry("tally", leaf(b"l2"), leaf(OBJECT)),
    entry("result", leaf(OBJECT), u64(4096)), entry("evidence", leaf(OBJECT), u64(4)),
]

board = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
witness = Ed25519PrivateKey.from_private_bytes(bytes(range(32, 64)))
NAME, WITNESS, TIME = b"urna.example.org/board", b"w1.example.org", 1700000000
TEXT = NAME + b"\n12345\n" + base64.b64encode(ROOT) + b"\neid " + EID.hex().encode() + b"\n"
NOTE = TEXT + b"\n" + line(NAME, 1, board, board.sign(TEXT)) + line(
    WITNESS, 4, witness, TIME.to_bytes(8, "big") +
    witness.sign(b"cosignature/v1\ntime %d\n" % TIME + TEXT))

FILES = sorted([(b"endorse/l1/mix-01.bt", b"m"), (b"proof/l1/a/b", b"b"), (b"proof/l1/a.bt", b"a")])
ATTEMPT = (leaf(EID), leaf(b"l1"), u32(2))


def main():
    print("code", CODE.hex(), "s %064x" % s, "S", S.hex())
    for e in ENTRIES:
        print("entry", len(e), sha(b"\0" + e).hex())
    print("H_credential-change",
          h("credential-change", leaf(EID), u64(3), S, leaf(b"north"), u32(5)).hex())
    print("H_credentials", h("credentials", leaf(D), leaf(OBJECT), u64(9)).hex())
    print("H_files", h("files", *(leaf(b) for p, c in FILES for b in (p, sha(c)))).hex())
    print("H_ready", h("ready", *ATTEMPT, leaf(OBJECT), leaf(b"\1\0\1")).hex())
    for tag in ("factors", "commitments"):
        print("H_" + tag, h(tag, *ATTEMPT, leaf(OBJECT), leaf(ROOT)).hex())
    print(NOTE.decode())
    if len(sys.argv) > 1:
        records = sorted(point(multiple(k)) for k in (1, 2, 3))
        log = b"".join(len(e).to_bytes(2, "big") + e for e in ENTRIES)
        corpus = {"log": b"\1" + log, "note": b"\2" + NOTE, "credentials": b"\3" + b"".join(
            node(r, leaf(b"north"), u32(5)) for r in records)}
        corpus.update({"entry-%d" % i: b"\0" + e for i, e in enumerate(ENTRIES)})
        for name, content in corpus.items():
            with open(os.path.join(sys.argv[1], name), "wb") as f:
                f.write(content)


if __name__ == "__main__":
    main()
