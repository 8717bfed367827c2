/** Nest's token for the `OraclePlan` that is published. */
export const ORACLE_PLAN = Symbol('OraclePlan');

/** Nest's token for the `Publication`. */
export const PUBLICATION = Symbol('Publication');

/** What a subscriber must know beforehand to verify a snapshot. */
export interface Publication {
  readonly network: string;
  /** The EIP-712 domain; the salt is 32 bytes. */
  readonly domain: { readonly name: string; readonly version: string; readonly salt: Uint8Array };
  /** Addresses in hex. */
  readonly signers: readonly string[];
  /** So many of them sign a cut. */
  readonly threshold: number;
  /** SHA-256 of the plan; entries of any other plan are history. */
  readonly configHash: Uint8Array;
}
