import type { EpochMs } from '../units/time';
import { ByteReader, type ByteWriter } from './bytes';
import { LEAF_KIND, MalformedLeaf } from './leaf';
import { readRiskHead, RISK_HEAD_BYTES, writeRiskHead, type RiskHead } from './risk-head';

/** The head, presence, and how many weights there are. Odd, and what follows is even: never 64. */
const FIXED_BYTES = RISK_HEAD_BYTES + 1 + 1;
/** By their presence bits: haircut, cost to move, the hour's realised volatility, its diffusive part, what options imply. */
const FIELD_BYTES = [4 + 4, 6, 4, 4, 4 + 6 + 2 + 2] as const;
const ALL_BITS = (1 << FIELD_BYTES.length) - 1;
const WEIGHT_BYTES = 2;
/** So that a leaf fits one block of keccak, 135 bytes. */
const MAX_WEIGHTS = 27;

const WHOLE_PPM = 1_000_000;
const WHOLE_BPS = 10_000;

/** What is known of a feed's risk besides its horizons, as it is published. Figures without a basis are absent. */
export interface MarginLeaf extends RiskHead {
  /** Millionths of the value. */
  readonly haircut: { readonly rawPpm: number; readonly smoothedPpm: number } | undefined;
  /** In whole units of the quote currency, as of the minute that ended last before `asOf`. */
  readonly costToMove: number | undefined;
  /** Standard deviation of the log price over the last hour, in millionths; and of it what is no jump. */
  readonly realisedPpm: number | undefined;
  readonly diffusivePpm: number | undefined;
  /** What options imply for the thirty days to come, a year's; when that was said; and what it counts for in σ of 1d and 10d. */
  readonly implied: ImpliedFields | undefined;
  /** Of the mixture's experts at one hour; none where there is no forecast. */
  readonly weightsBps: readonly number[];
}

export interface ImpliedFields {
  readonly volatilityPpm: number;
  readonly observedAt: EpochMs;
  readonly dayWeightBps: number;
  readonly tenDayWeightBps: number;
}

/** The canonical bytes. Throws RangeError for figures that do not fit their fields or contradict each other. */
export function encodeMarginLeaf(leaf: MarginLeaf): Uint8Array {
  const { haircut, costToMove, realisedPpm, diffusivePpm, implied, weightsBps } = leaf;
  const fault = faultOf(leaf);
  if (fault !== undefined) throw new RangeError(`margin of ${leaf.feed}: ${fault}`);
  const fields = [haircut, costToMove, realisedPpm, diffusivePpm, implied];
  const present = fields.reduce<number>((bits, field, bit) => (field === undefined ? bits : bits | (1 << bit)), 0);
  const bytes = new Uint8Array(lengthFor(present, weightsBps.length));
  const writer = writeRiskHead(bytes, LEAF_KIND.margin, leaf).unsigned(1, present).unsigned(1, weightsBps.length);
  if (haircut !== undefined) writer.unsigned(4, haircut.rawPpm).unsigned(4, haircut.smoothedPpm);
  if (costToMove !== undefined) writer.unsigned(6, costToMove);
  if (realisedPpm !== undefined) writer.unsigned(4, realisedPpm);
  if (diffusivePpm !== undefined) writer.unsigned(4, diffusivePpm);
  if (implied !== undefined) writeImplied(writer, implied);
  for (const weight of weightsBps) writer.unsigned(WEIGHT_BYTES, weight);
  return bytes;
}

/** Reads a margin leaf back. Throws MalformedLeaf for every byte string that the encoder cannot have written. */
export function decodeMarginLeaf(bytes: Uint8Array): MarginLeaf {
  if (bytes.length < FIXED_BYTES) {
    throw new MalformedLeaf(`a margin leaf has ${FIXED_BYTES} bytes or more, not ${bytes.length}`);
  }
  const reader = new ByteReader(bytes);
  const head = readRiskHead(reader, LEAF_KIND.margin);
  const [present, count] = [reader.unsigned(1), reader.unsigned(1)];
  if (present > ALL_BITS) throw new MalformedLeaf(`presence ${present} has a bit that means nothing`);
  const length = lengthFor(present, count);
  if (bytes.length !== length) {
    throw new MalformedLeaf(`presence ${present} and ${count} weights need ${length} bytes, not ${bytes.length}`);
  }
  const has = (bit: number): boolean => (present & (1 << bit)) !== 0;
  const haircut = has(0) ? { rawPpm: reader.unsigned(4), smoothedPpm: reader.unsigned(4) } : undefined;
  const costToMove = has(1) ? reader.unsigned(6) : undefined;
  const realisedPpm = has(2) ? reader.unsigned(4) : undefined;
  const diffusivePpm = has(3) ? reader.unsigned(4) : undefined;
  const implied = has(4) ? readImplied(reader) : undefined;
  const weightsBps = Array.from({ length: count }, () => reader.unsigned(WEIGHT_BYTES));
  const leaf = { ...head, haircut, costToMove, realisedPpm, diffusivePpm, implied, weightsBps };
  const fault = faultOf(leaf);
  if (fault !== undefined) throw new MalformedLeaf(fault);
  return leaf;
}

function writeImplied(writer: ByteWriter, { volatilityPpm, observedAt, ...weights }: ImpliedFields): void {
  writer.unsigned(4, volatilityPpm).unsigned(6, observedAt);
  writer.unsigned(WEIGHT_BYTES, weights.dayWeightBps).unsigned(WEIGHT_BYTES, weights.tenDayWeightBps);
}

function readImplied(reader: ByteReader): ImpliedFields {
  const [volatilityPpm, observedAt] = [reader.unsigned(4), reader.unsigned(6)];
  const [dayWeightBps, tenDayWeightBps] = [reader.unsigned(WEIGHT_BYTES), reader.unsigned(WEIGHT_BYTES)];
  return { volatilityPpm, observedAt, dayWeightBps, tenDayWeightBps };
}

function lengthFor(present: number, weights: number): number {
  const bytes = FIELD_BYTES.filter((_, bit) => (present & (1 << bit)) !== 0).reduce<number>((sum, of) => sum + of, 0);
  return FIXED_BYTES + bytes + weights * WEIGHT_BYTES;
}

function faultOf({ haircut, realisedPpm, diffusivePpm, implied, weightsBps }: MarginLeaf): string | undefined {
  if (haircut !== undefined && Math.max(haircut.rawPpm, haircut.smoothedPpm) > WHOLE_PPM) {
    return `a haircut of ${haircut.rawPpm} and ${haircut.smoothedPpm} ppm, more than the value`;
  }
  if (realisedPpm === 0 || implied?.volatilityPpm === 0) return 'a volatility of zero has no basis';
  if (realisedPpm === undefined && diffusivePpm !== undefined) return 'a part of no volatility';
  const most = Math.max(implied?.dayWeightBps ?? 0, implied?.tenDayWeightBps ?? 0);
  if (most > WHOLE_BPS) return `what is implied counts for ${most} bps, more than all`;
  if (weightsBps.length > MAX_WEIGHTS) return `${weightsBps.length} weights are more than ${MAX_WEIGHTS}`;
  const sum = weightsBps.reduce((total, weight) => total + weight, 0);
  // Each was rounded by itself.
  const isWhole = weightsBps.length === 0 || Math.abs(sum - WHOLE_BPS) <= weightsBps.length;
  return isWhole ? undefined : `weights of together ${sum} bps, not ${WHOLE_BPS}`;
}
