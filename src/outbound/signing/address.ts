import type { Keccak } from '../../oracle/reporting/keccak';

/** The checksummed address (EIP-55) of an uncompressed public key. */
export function addressOf(publicKey: Uint8Array, keccak: Keccak): string {
  const address = Buffer.from(keccak(publicKey.subarray(1)).subarray(-20)).toString('hex');
  const checksum = Buffer.from(keccak(Buffer.from(address, 'ascii'))).toString('hex');
  const digits = Array.from(address, (digit, at) =>
    Number(`0x${checksum.charAt(at)}`) >= 8 ? digit.toUpperCase() : digit,
  );
  return `0x${digits.join('')}`;
}
