import { compare, numberAt } from './bytes';
import { climb } from './merkle';
import type { Primitives } from './primitives';
import { Refusal } from './refusal';

/** Losses of the log price in millionths, by level: 95, 97.5, 99 and 99.5 %, as far as there is a basis. */
export interface Tails {
  readonly valueAtRiskPpm: readonly number[];
  readonly expectedShortfallPpm: readonly number[];
}

/** A feed's risk over one horizon (docs/report.md). Degraded figures rest on less than they should. */
export interface HorizonRisk {
  readonly feed: string;
  readonly assetVersion: number;
  readonly asOf: number;
  readonly modelVersion: number;
  readonly isDegraded: boolean;
  readonly jumped: boolean;
  readonly horizonSeconds: number;
  readonly observations: number;
  readonly sigmaPpm: number | undefined;
  readonly fall: Tails;
  readonly rise: Tails;
}

const HORIZON_LEAF = 4;
const [FIXED_BYTES, SIGMA_BYTES, TAIL_BYTES] = [53, 4, 8];
const LEVELS = 4;
const HORIZONS = [60, 300, 3_600, 86_400, 864_000];
const [DEGRADED, JUMPED, ALL_FLAGS] = [0x01, 0x02, 0x7f];

/**
 * Verifies one leaf of risk under a header that the quorum has signed: its `riskRoot` and `cut`. Throws a Refusal.
 * Whoever acts on it asks besides that `asOf` is recent enough.
 */
export function verifyHorizon(
  leaf: Uint8Array,
  proof: readonly Uint8Array[],
  header: { readonly cut: number; readonly riskRoot: Uint8Array },
  primitives: Pick<Primitives, 'keccak'>,
): HorizonRisk {
  insist(leaf.length !== 64, 'length');
  if (compare(climb(primitives.keccak(leaf), proof, primitives), header.riskRoot) !== 0) {
    throw new Refusal('NotInRoot', 'the proof leads to another root');
  }
  const risk = decode(leaf);
  insist(risk.asOf <= header.cut, 'as of a later cut');
  return risk;
}

function decode(leaf: Uint8Array): HorizonRisk {
  insist(leaf[0] === HORIZON_LEAF, 'kind');
  insist(leaf.length >= FIXED_BYTES, 'length');
  const [flags, horizonSeconds, observations] = [
    numberAt(leaf, 42, 43),
    numberAt(leaf, 43, 47),
    numberAt(leaf, 47, 51),
  ];
  const [falls, rises] = [numberAt(leaf, 51, 52), numberAt(leaf, 52, 53)];
  insist(falls <= LEVELS && rises <= LEVELS, 'levels');
  const tailsAt = leaf.length - TAIL_BYTES * (falls + rises);
  const hasSigma = tailsAt === FIXED_BYTES + SIGMA_BYTES;
  insist(hasSigma || tailsAt === FIXED_BYTES, 'length');
  insist(flags <= ALL_FLAGS && ((flags & DEGRADED) !== 0 || (flags & ~JUMPED) === 0), 'flags');
  insist(HORIZONS.includes(horizonSeconds), 'horizon');
  insist(observations > 0 || falls + rises === 0, 'tails of no outcome');
  const sigmaPpm = hasSigma ? numberAt(leaf, FIXED_BYTES, FIXED_BYTES + SIGMA_BYTES) : undefined;
  insist(sigmaPpm !== 0, 'volatility');
  return {
    feed: new TextDecoder().decode(leaf.subarray(1, 33)).replace(/\0+$/, ''),
    assetVersion: numberAt(leaf, 33, 35),
    asOf: numberAt(leaf, 35, 40),
    modelVersion: numberAt(leaf, 40, 42),
    isDegraded: (flags & DEGRADED) !== 0,
    jumped: (flags & JUMPED) !== 0,
    horizonSeconds,
    observations,
    sigmaPpm,
    fall: tails(leaf, tailsAt, falls),
    rise: tails(leaf, tailsAt + TAIL_BYTES * falls, rises),
  };
}

function tails(leaf: Uint8Array, from: number, levels: number): Tails {
  const column = (offset: number): number[] =>
    Array.from({ length: levels }, (_, level) => {
      const at = from + TAIL_BYTES * level + offset;
      return numberAt(leaf, at, at + 4);
    });
  const [valueAtRiskPpm, expectedShortfallPpm] = [column(0), column(4)];
  const isRising = (figures: readonly number[]): boolean => figures.every((each, i) => each >= (figures[i - 1] ?? 0));
  const isBeyond = expectedShortfallPpm.every((each, level) => each >= (valueAtRiskPpm[level] ?? 0));
  insist(isRising(valueAtRiskPpm) && isRising(expectedShortfallPpm) && isBeyond, 'tails');
  return { valueAtRiskPpm, expectedShortfallPpm };
}

function insist(holds: boolean, what: string): void {
  if (!holds) throw new Refusal('MalformedLeaf', what);
}
