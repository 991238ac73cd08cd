#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes ballot.json: ballots made from the text of src/protocol/ballot/ballot.h alone.

A second implementation, slow and plain, that shares no line with src/. Run it only when the
protocol changes: python3 tests/vectors/make_ballot.py > tests/vectors/ballot.json
With --corpus FOLDER it writes the ballots as inputs of tests/fuzz/fuzz_ballot.c instead.
"""
import hashlib
import json
import os
import sys

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
Q = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U"


def add(a, b):
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def mul(k, a):
    out = None
    while k:
        if k & 1:
            out = add(out, a)
        a = add(a, a)
        k >>= 1
    return out


def leaf(b):
    return b"\x01" + len(b).to_bytes(4, "big") + b


def node(*children):
    return b"\x00" + len(children).to_bytes(4, "big") + b"".join(children)


def point(a):
    return node(leaf(a[0].to_bytes(33, "big")), leaf(a[1].to_bytes(33, "big")))


def scalar(z):
    return leaf(z.to_bytes(33, "big"))


def sha(b):
    return hashlib.sha256(b).digest()


def digest(tag, *children):
    return sha(node(leaf(b"urna/1/" + tag), *children))


def challenge(tag, *children):
    seed = sha((384).to_bytes(4, "big") + node(leaf(b"urna/1/" + tag), *children))
    stream = b"".join(sha(seed + i.to_bytes(4, "big")) for i in range(2))
    return int.from_bytes(stream[:48], "big") % Q


def encode(message):
    """28 bytes to the point with the smallest counter; y is the root that is itself a square."""
    assert len(message) == 28
    for counter in range(256):
        x = (int.from_bytes(message, "big") << 24) + (28 << 8) + counter
        f = (x**3 - 3 * x + B) % P
        y = pow(f, (P + 1) // 4, P)
        if y * y % P == f:
            return x, y
    raise ValueError("no point")


def confirmation(ballot_id):
    number = int.from_bytes(ballot_id, "big") >> 126
    digits = [number >> 5 * i & 31 for i in range(25, -1, -1)] + [number % 37]
    text = "".join(CROCKFORD[d] for d in digits)
    return "-".join(text[i : i + 4] for i in range(0, 24, 4)) + "-" + text[24:]


class Draw:
    """Scalars for a vector: SHA-512 of a label and a counter, modulo q."""

    def __init__(self, label):
        self.label, self.count = label, 0

    def __call__(self):
        self.count += 1
        text = f"{self.label}/{self.count}".encode()
        return int.from_bytes(hashlib.sha512(text).digest(), "big") % Q


def split(items, widths):
    out, at = [], 0
    for width in widths:
        out.append(items[at : at + width])
        at += width
    return out


def ballot(name, mode, style, widths, plaintexts, seq, eid, y):
    draw = Draw(name)
    n = sum(widths)
    s = draw() if mode == "credentials" else None
    pseudonym = sha(name.encode())[:16]
    who = point(mul(s, G)) if s else leaf(pseudonym)
    r, a = [], []
    for _ in range(n):  # the order in which the program draws them
        r.append(draw())
        a.append(draw())
    m = [encode(p) for p in plaintexts]
    u = [mul(k, G) for k in r]
    v = [add(mj, mul(k, y)) for mj, k in zip(m, r)]
    commitments = [mul(k, G) for k in a]
    ct = node(*[node(node(*map(point, us)), node(*map(point, vs)))
                for us, vs in zip(split(u, widths), split(v, widths))])
    aa = node(*[node(*map(point, group)) for group in split(commitments, widths)])
    head = [leaf(eid), who, leaf(style.encode()), ct, aa]
    c = challenge(b"ballot", *head)
    z = [(ak + c * rk) % Q for ak, rk in zip(a, r)]
    zz = node(*[node(*map(scalar, group)) for group in split(z, widths)])
    body = node(leaf(b"urna-body-1"), *head, zz)
    b = digest(b"body", leaf(body))
    ending = [leaf(seq.to_bytes(4, "big"))]
    out = {
        "name": name, "mode": mode, "style": style, "widths": widths, "seq": seq,
        "plaintexts": [p.hex() for p in plaintexts],
        "messages": [point(p).hex() for p in m],
        "r": [f"{k:064x}" for k in r], "a": [f"{k:064x}" for k in a],
        "challenge": f"{c:064x}", "body": body.hex(), "id": b.hex(),
        "confirmation": confirmation(b),
    }
    if s:
        k = draw()
        commitment = mul(k, G)
        cs = challenge(b"sig", who, point(commitment), leaf(eid), ending[0], leaf(b))
        ending += [point(commitment), scalar((k + cs * s) % Q)]
        out |= {"voter_secret": f"{s:064x}", "k": f"{k:064x}", "sig_challenge": f"{cs:064x}"}
    else:
        out["pseudonym"] = pseudonym.hex()
    out["ballot"] = node(body, *ending).hex()
    return out


def main():
    eid = sha(b"election of the vectors")
    x = Draw("election key")()
    y = mul(x, G)
    zero, ones = bytes(28), b"\xff" * 28
    some = [sha(bytes([i]))[:28] for i in range(4)]
    cases = [
        ballot("blank", "server", "all", [1], [zero], 0, eid, y),
        ballot("largest", "server", "all", [1], [ones], 0, eid, y),
        ballot("wide", "server", "north", [2, 1], some[:3], 0, eid, y),
        ballot("signed", "credentials", "all", [1], some[3:], 0, eid, y),
        ballot("revote", "credentials", "north", [2, 1], [some[0], zero, ones], 3, eid, y),
    ]
    if len(sys.argv) == 3 and sys.argv[1] == "--corpus":
        for case in cases:
            mode = b"\x01" if case["mode"] == "credentials" else b"\x00"
            with open(os.path.join(sys.argv[2], case["name"]), "wb") as f:
                f.write(mode + bytes.fromhex(case["ballot"]))
        return
    json.dump({"eid": eid.hex(), "secret_key": f"{x:064x}", "public_key": point(y).hex(),
               "ballots": cases}, sys.stdout, indent=1)
    print()


main()
