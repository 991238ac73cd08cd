// SPDX-License-Identifier: Apache-2.0
// Ed25519, verified strictly (docs/protocol.md 2): S < L, R and key are canonical and of prime
// order, so that it does not matter whether the equation has the cofactor. The package's own verify
// lets more through, so only its points are used.
import { ed25519, sha512 } from "./noble.js";
import { concat, equal, numberOf } from "./bytes.js";

const Point = ed25519.Point ?? ed25519.ExtendedPoint;
const L = Point.Fn.ORDER;

function littleEndian(bytes) {
	return numberOf(Uint8Array.from(bytes).reverse());
}

/** The point of a canonical encoding that is of prime order, else null. */
function strictPoint(bytes) {
	try {
		const point = Point.fromBytes(bytes, false);
		return !point.isSmallOrder() && point.isTorsionFree() && equal(point.toBytes(), bytes)
			? point : null;
	} catch {
		return null;
	}
}

/** Whether a manifest may name the key: canonical, in the prime-order subgroup, not its zero. */
export function isKey(bytes) {
	return bytes.length === 32 && strictPoint(bytes) !== null;
}

export function verify(signature, message, key) {
	if (signature.length !== 64 || key.length !== 32)
		return false;
	const r = signature.subarray(0, 32);
	const s = littleEndian(signature.subarray(32));
	const A = strictPoint(key);
	const R = strictPoint(r);
	if (s >= L || A === null || R === null)
		return false;
	const k = littleEndian(sha512(concat(r, key, message))) % L;
	// multiplyUnsafe: everything here is public.
	const right = R.add(k === 0n ? Point.ZERO : A.multiplyUnsafe(k));
	const left = s === 0n ? Point.ZERO : Point.BASE.multiplyUnsafe(s);
	return left.equals(right);
}
