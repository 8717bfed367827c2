/** Keccak-256 as Ethereum uses it (not SHA3-256): 32 fresh bytes for any input. Injected, as its code is not pure. */
export type Keccak = (data: Uint8Array) => Uint8Array;
