// SPDX-License-Identifier: Apache-2.0
// All that this verifier takes from others (the npm package @noble/curves; see relink.js).
export { sha256, sha384, sha512 } from "./noble/hashes/sha2.js";
export { p256 } from "./noble/curves/nist.js";
export { ed25519 } from "./noble/curves/ed25519.js";
