import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TICK_MS, type EpochMs } from '../../oracle/units/time';
import { ConfigFile } from './config-file';
import { ConfigurationError } from './fault';
import { sections } from './sections';

const FILE = 'quorum.yaml';

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'an address is 0x and 40 hex digits')
  .transform((text) => text.toLowerCase());

const instant = z.iso
  .datetime({ offset: true, error: 'an instant with its zone, as 2027-01-31T12:00:00Z' })
  .transform((text) => Date.parse(text));

const peerSchema = z.strictObject({ address, url: z.url({ protocol: /^wss?$/ }) });

/** Who certifies together, and how: the same file at each of them (docs/quorum.md). Addresses are in small letters. */
export interface QuorumConfiguration {
  readonly threshold: number;
  readonly toleranceBps: number;
  readonly cutEveryMs: number;
  readonly signers: readonly { readonly address: string; readonly url: string }[];
  /** Who may listen besides: standbys. */
  readonly followers: readonly string[];
  /** The instant of the first cut under it, where it goes on from another configuration. */
  readonly effectiveFrom: EpochMs | undefined;
}

/** Reads `quorum.yaml` of a directory. Throws ConfigurationError with every fault. */
export function loadQuorum(directory: string): QuorumConfiguration {
  const file = new ConfigFile(FILE, textOf(join(directory, FILE)));
  const read = sections(file, {
    threshold: z.int().min(1),
    toleranceBps: z.number().positive().max(1_000),
    cutEveryMs: z
      .int()
      .min(5 * TICK_MS)
      .max(60_000),
    signers: z.array(peerSchema).min(1).max(32),
    followers: z.array(address),
    effectiveFrom: instant.optional(),
  });
  const { threshold, toleranceBps, cutEveryMs, signers, followers, effectiveFrom } = read;
  if (signers !== undefined && threshold !== undefined) proveThreshold(file, threshold, signers);
  if (effectiveFrom !== undefined && cutEveryMs !== undefined) proveSlot(file, effectiveFrom, cutEveryMs);
  if (file.faults.length > 0) throw new ConfigurationError(file.faults);
  if (!threshold || !toleranceBps || !cutEveryMs || !signers || !followers) {
    throw new Error(`a section of ${FILE} is missing and no fault was reported: a bug of platform/config`);
  }
  return { threshold, toleranceBps, cutEveryMs, signers, followers, effectiveFrom };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}; the roles signer and standby ` +
        'need it to know their peers (docs/quorum.md)',
      { cause: error },
    );
  }
}

function proveSlot(file: ConfigFile, effectiveFrom: EpochMs, cutEveryMs: number): void {
  if (effectiveFrom > 0 && effectiveFrom % cutEveryMs === 0) return;
  const nearest = Math.ceil(Math.max(effectiveFrom, 1) / cutEveryMs) * cutEveryMs;
  file.fault('outOfRange', ['effectiveFrom'], {
    what: 'no cut is made at this instant',
    value: file.valueAt(['effectiveFrom']),
    limit: `a whole multiple of cutEveryMs, ${cutEveryMs}, since 1970`,
    wayOut: `say ${new Date(nearest).toISOString()}`,
  });
}

function proveThreshold(file: ConfigFile, threshold: number, signers: QuorumConfiguration['signers']): void {
  const twice = signers.findIndex(({ address: one }, at) => signers.findIndex((other) => other.address === one) < at);
  if (twice >= 0) {
    file.fault('wrongForm', ['signers', twice, 'address'], {
      what: 'a signer stands twice',
      value: signers[twice]?.address,
      wayOut: 'list each once: a key has one voice',
    });
  }
  const least = Math.floor(signers.length / 2) + 1;
  if (threshold < least || threshold > signers.length) {
    file.fault('outOfRange', ['threshold'], {
      what: 'two halves of the signers could certify beside each other, or nobody could',
      value: threshold,
      limit: `${least} to ${signers.length} of ${signers.length} signers`,
      wayOut: 'let more than half of them sign a cut',
    });
  }
}
