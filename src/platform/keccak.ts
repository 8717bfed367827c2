import { createKeccak } from 'hash-wasm';
import type { Keccak } from '../oracle/reporting/keccak';

/** Compiles keccak-256 to WebAssembly once; after that each hash is a synchronous call. */
export async function loadKeccak(): Promise<Keccak> {
  const hasher = await createKeccak(256);
  return (data) => hasher.init().update(data).digest('binary');
}
