import type { RiskFlaw } from '../risk/figures';
import { fromBits, toBits } from './bits';
import { type ByteReader, ByteWriter } from './bytes';
import { decodeFeedId, encodeFeedId, FEED_ID_BYTES } from './feed-id';
import { MalformedLeaf } from './leaf';

/** Kind, feed id, version of the asset, as-of, model version, flags. */
export const RISK_HEAD_BYTES = 1 + FEED_ID_BYTES + 2 + 5 + 2 + 1;

const FLAWS = [
  'noPrice',
  'tooLittleHistory',
  'gaps',
  'frozen',
  'impliedOutOfBounds',
] as const satisfies readonly RiskFlaw[];

/** By their bits. */
export const RISK_FLAGS = ['degraded', 'jumped', ...FLAWS] as const;

/** What stands in every risk leaf of a feed (docs/report.md). */
export interface RiskHead {
  readonly feed: string;
  readonly assetVersion: number;
  /** Number of the cut of which the figures speak. */
  readonly asOf: number;
  readonly modelVersion: number;
  readonly isDegraded: boolean;
  readonly jumped: boolean;
  /** Why it is degraded. */
  readonly flaws: readonly RiskFlaw[];
}

/** Writes the head; what it returns writes on behind it. */
export function writeRiskHead(bytes: Uint8Array, kind: number, head: RiskHead): ByteWriter {
  const { isDegraded, jumped, flaws } = head;
  const said = [...(isDegraded ? ['degraded' as const] : []), ...(jumped ? ['jumped' as const] : []), ...flaws];
  return new ByteWriter(bytes)
    .unsigned(1, kind)
    .raw(encodeFeedId(head.feed))
    .unsigned(2, head.assetVersion)
    .unsigned(5, head.asOf)
    .unsigned(2, head.modelVersion)
    .unsigned(1, toBits(said, RISK_FLAGS));
}

/** Throws MalformedLeaf for another kind, no feed id, or flags that mean nothing or contradict each other. */
export function readRiskHead(reader: ByteReader, kind: number): RiskHead {
  const found = reader.unsigned(1);
  if (found !== kind) throw new MalformedLeaf(`kind ${found} is not ${kind}`);
  const feed = decodeFeedId(reader.raw(FEED_ID_BYTES));
  if (feed === undefined) throw new MalformedLeaf('the feed id is not ASCII text padded with zeros on its right');
  const [assetVersion, asOf, modelVersion] = [reader.unsigned(2), reader.unsigned(5), reader.unsigned(2)];
  const bits = reader.unsigned(1);
  const said = fromBits(bits, RISK_FLAGS);
  if (said === undefined) throw new MalformedLeaf(`flags ${bits} have a bit that means nothing`);
  const [isDegraded, jumped] = [said.includes('degraded'), said.includes('jumped')];
  const flaws = FLAWS.filter((flaw) => said.includes(flaw));
  if (!isDegraded && flaws.length > 0) throw new MalformedLeaf(`${flaws.join(', ')}, and not degraded`);
  return { feed, assetVersion, asOf, modelVersion, isDegraded, jumped, flaws };
}
