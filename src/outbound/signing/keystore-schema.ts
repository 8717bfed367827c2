import { z } from 'zod';

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`), `${bytes} bytes in hex`);

/** 32 bytes as geth and ethers write it, 16 by Python's eth-keyfile. */
const salt = z.string().regex(/^([0-9a-fA-F]{2}){16,64}$/, '16 to 64 bytes in hex');

/** More would be a wish to exhaust the machine: 1 GiB, four times what geth writes. */
const MAX_SCRYPT_BYTES = 2 ** 30;
const MAX_PBKDF2_ROUNDS = 10_000_000;

const scryptParameters = z
  .strictObject({
    n: z.int().min(2),
    r: z.int().min(1),
    p: z.int().min(1).max(64),
    dklen: z.literal(32),
    salt,
  })
  .refine(({ n }) => Number.isInteger(Math.log2(n)), { path: ['n'], message: 'n is a power of two' })
  .refine(({ n, r }) => Math.log2(n) < 16 * r, { path: ['n'], message: 'n is below 2^(16 r), by RFC 7914' })
  .refine(({ n, r }) => 128 * n * r <= MAX_SCRYPT_BYTES, { path: ['n'], message: 'n and r ask for more than 1 GiB' });

const pbkdf2Parameters = z.strictObject({
  c: z.int().min(1).max(MAX_PBKDF2_ROUNDS),
  prf: z.literal('hmac-sha256'),
  dklen: z.literal(32),
  salt,
});

const sealed = {
  cipher: z.literal('aes-128-ctr'),
  cipherparams: z.strictObject({ iv: hex(16) }),
  ciphertext: hex(32),
  mac: hex(32),
};

/** Web3 Secret Storage, version 3: https://ethereum.org/developers/docs/data-structures-and-encoding/web3-secret-storage */
export const keystoreSchema = z.strictObject({
  version: z.literal(3),
  id: z.string(),
  /** Without 0x, as geth writes it. */
  address: z
    .string()
    .regex(/^(0x)?[0-9a-fA-F]{40}$/, '20 bytes in hex')
    .optional(),
  crypto: z.discriminatedUnion('kdf', [
    z.strictObject({ ...sealed, kdf: z.literal('scrypt'), kdfparams: scryptParameters }),
    z.strictObject({ ...sealed, kdf: z.literal('pbkdf2'), kdfparams: pbkdf2Parameters }),
  ]),
});

export type Keystore = z.infer<typeof keystoreSchema>;
