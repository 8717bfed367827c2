import { RISK_HORIZONS } from '../risk/figures';
import { TAIL_LEVELS } from '../risk/horizon-tails';
import { ByteReader, type ByteWriter } from './bytes';
import { LEAF_KIND, MalformedLeaf } from './leaf';
import { readRiskHead, RISK_HEAD_BYTES, writeRiskHead, type RiskHead } from './risk-head';

export type RiskHorizon = (typeof RISK_HORIZONS)[number];

const HORIZON_SECONDS: Readonly<Record<RiskHorizon, number>> = {
  '1m': 60,
  '5m': 300,
  '1h': 3_600,
  '1d': 86_400,
  '10d': 864_000,
};

/** The head, the horizon, observations, and how many levels each side has. Odd, and what follows is even: never 64. */
const FIXED_BYTES = RISK_HEAD_BYTES + 4 + 4 + 1 + 1;
const SIGMA_BYTES = 4;
const TAIL_BYTES = 4 + 4;

/** In millionths of the log price. */
export interface RoundedTail {
  readonly valueAtRiskPpm: number;
  readonly expectedShortfallPpm: number;
}

/** The risk of one feed over one horizon, as it is published. Figures without a basis are absent. */
export interface HorizonLeaf extends RiskHead {
  readonly horizon: RiskHorizon;
  /** Outcomes behind the tails. */
  readonly observations: number;
  /** Standard deviation of the log price over the horizon, in millionths. */
  readonly sigmaPpm: number | undefined;
  /** By `TAIL_LEVELS`, up to the last that has a basis. */
  readonly fall: readonly RoundedTail[];
  readonly rise: readonly RoundedTail[];
}

/** The canonical bytes. Throws RangeError for figures that do not fit their fields or contradict each other. */
export function encodeHorizonLeaf(leaf: HorizonLeaf): Uint8Array {
  const { horizon, observations, sigmaPpm, fall, rise } = leaf;
  const fault = faultOf(leaf);
  if (fault !== undefined) throw new RangeError(`risk of ${leaf.feed} over ${horizon}: ${fault}`);
  const bytes = new Uint8Array(lengthFor(sigmaPpm !== undefined, fall.length + rise.length));
  const writer = writeRiskHead(bytes, LEAF_KIND.horizon, leaf);
  writer.unsigned(4, HORIZON_SECONDS[horizon]).unsigned(4, observations);
  writer.unsigned(1, fall.length).unsigned(1, rise.length);
  if (sigmaPpm !== undefined) writer.unsigned(4, sigmaPpm);
  for (const side of [fall, rise]) writeSide(writer, side);
  return bytes;
}

/** Reads a horizon leaf back. Throws MalformedLeaf for every byte string that the encoder cannot have written. */
export function decodeHorizonLeaf(bytes: Uint8Array): HorizonLeaf {
  if (bytes.length < FIXED_BYTES) {
    throw new MalformedLeaf(`a horizon leaf has ${FIXED_BYTES} bytes or more, not ${bytes.length}`);
  }
  const reader = new ByteReader(bytes);
  const head = readRiskHead(reader, LEAF_KIND.horizon);
  const [seconds, observations] = [reader.unsigned(4), reader.unsigned(4)];
  const horizon = RISK_HORIZONS.find((name) => HORIZON_SECONDS[name] === seconds);
  if (horizon === undefined) throw new MalformedLeaf(`${seconds} seconds are no horizon`);
  const [falls, rises] = [reader.unsigned(1), reader.unsigned(1)];
  const hasSigma = bytes.length === lengthFor(true, falls + rises);
  if (!hasSigma && bytes.length !== lengthFor(false, falls + rises)) {
    throw new MalformedLeaf(`${bytes.length} bytes do not hold ${falls} and ${rises} levels`);
  }
  const sigmaPpm = hasSigma ? reader.unsigned(4) : undefined;
  const leaf = {
    ...head,
    horizon,
    observations,
    sigmaPpm,
    fall: readSide(reader, falls),
    rise: readSide(reader, rises),
  };
  const fault = faultOf(leaf);
  if (fault !== undefined) throw new MalformedLeaf(fault);
  return leaf;
}

function lengthFor(hasSigma: boolean, tails: number): number {
  return FIXED_BYTES + (hasSigma ? SIGMA_BYTES : 0) + tails * TAIL_BYTES;
}

function writeSide(writer: ByteWriter, side: readonly RoundedTail[]): void {
  for (const { valueAtRiskPpm, expectedShortfallPpm } of side) {
    writer.unsigned(4, valueAtRiskPpm).unsigned(4, expectedShortfallPpm);
  }
}

function readSide(reader: ByteReader, levels: number): RoundedTail[] {
  return Array.from({ length: levels }, () => {
    return { valueAtRiskPpm: reader.unsigned(4), expectedShortfallPpm: reader.unsigned(4) };
  });
}

function faultOf({ sigmaPpm, observations, fall, rise }: HorizonLeaf): string | undefined {
  if (sigmaPpm === 0) return 'a volatility of zero has no basis';
  if (observations === 0 && fall.length + rise.length > 0) return 'tails of no outcome';
  return sideFault('fall', fall) ?? sideFault('rise', rise);
}

function sideFault(name: string, side: readonly RoundedTail[]): string | undefined {
  if (side.length > TAIL_LEVELS.length) return `${name} has ${side.length} levels, of ${TAIL_LEVELS.length}`;
  for (const [index, { valueAtRiskPpm, expectedShortfallPpm }] of side.entries()) {
    const level = `${name} at ${100 * (TAIL_LEVELS[index] ?? 0)} %`;
    const below = side[index - 1] ?? { valueAtRiskPpm: 0, expectedShortfallPpm: 0 };
    if (expectedShortfallPpm < valueAtRiskPpm) return `${level}: a shortfall below the value at risk`;
    if (valueAtRiskPpm < below.valueAtRiskPpm || expectedShortfallPpm < below.expectedShortfallPpm) {
      return `${level}: less than at the level below`;
    }
  }
  return undefined;
}
