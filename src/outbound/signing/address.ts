import type { Keccak } from '../../oracle/reporting/keccak';

/** The checksummed address (EIP-55) of an uncompressed public key. */
export function addressOf(publicKey: Uint8Array, keccak: Keccak): string {
  return checksummed(Buffer.from(keccak(publicKey.subarray(1)).subarray(-20)).toString('hex'), keccak);
}

/** An address (EIP-55) from its 40 hex digits, with 0x or without, in any case. */
export function checksummed(digits: string, keccak: Keccak): string {
  const address = digits.replace(/^0x/, '').toLowerCase();
  const checksum = Buffer.from(keccak(Buffer.from(address, 'ascii'))).toString('hex');
  const written = Array.from(address, (digit, at) =>
    Number(`0x${checksum.charAt(at)}`) >= 8 ? digit.toUpperCase() : digit,
  );
  return `0x${written.join('')}`;
}
