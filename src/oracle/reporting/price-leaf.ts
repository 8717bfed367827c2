import type { FeedPlan } from '../plan';
import { PERMITS, REASONS, STATUSES, type Permit, type Reason, type Report, type Status } from '../report';
import { fromBits, toBits } from './bits';
import { ByteReader, ByteWriter } from './bytes';
import { incoherence, type ClaimedPrices } from './coherence';
import { decodeFeedId, encodeFeedId, FEED_ID_BYTES } from './feed-id';
import { LEAF_KIND, MalformedLeaf } from './leaf';

/**
 * The three lengths a price leaf can have: absence is told by length, so that no number ever stands for "none".
 * None of them is 64, the length of a pair of hashes, and all fit one keccak block of 135 bytes and its padding.
 */
export const PRICE_LEAF_BYTES = { withoutPrice: 53, withPrice: 83, withUsePrices: 99 } as const;

/** A price leaf read back. Prices are whole numbers of 10^-decimals. */
export interface PriceLeaf {
  readonly feed: string;
  readonly assetVersion: number;
  readonly decimals: number;
  readonly cut: number;
  readonly sequence: number;
  readonly status: Status;
  readonly permits: readonly Permit[];
  readonly reasons: readonly Reason[];
  /** Present exactly when `prices` is. */
  readonly observedAt: number | undefined;
  readonly prices: ClaimedPrices<bigint> | undefined;
}

/** Writes the canonical price bytes of one feed's reports (docs/report.md). */
export class PriceLeafEncoder {
  private readonly id: Uint8Array;

  constructor(private readonly feed: Pick<FeedPlan, 'id' | 'asset' | 'decimals'>) {
    this.id = encodeFeedId(feed.id);
  }

  /** Throws for a report that contradicts itself or does not fit: signing it would be worse than stopping. */
  encode(report: Report): Uint8Array {
    const { prices } = report;
    const permitBits = toBits(report.permits, PERMITS);
    const fault = incoherence({ status: report.status, permitBits, prices });
    if (fault !== undefined) throw new RangeError(`report ${report.sequence} of ${this.feed.id}: ${fault}`);

    const bytes = new Uint8Array(lengthFor(prices));
    const writer = new ByteWriter(bytes)
      .unsigned(1, LEAF_KIND.price)
      .raw(this.id)
      .unsigned(2, this.feed.asset.version)
      .unsigned(1, this.feed.decimals)
      .unsigned(5, report.cut)
      .unsigned(6, report.sequence)
      .unsigned(1, STATUSES.indexOf(report.status))
      .unsigned(1, permitBits)
      .unsigned(4, toBits(report.reasons, REASONS));
    if (prices !== undefined) {
      if (report.observedAt === undefined) throw new RangeError(`a price of ${this.feed.id} needs its observedAt`);
      writer.unsigned(6, Math.floor(report.observedAt));
      writer.unsigned(8, prices.price).unsigned(8, prices.low).unsigned(8, prices.high);
      if (prices.collateral !== undefined) writer.unsigned(8, prices.collateral);
      if (prices.liability !== undefined) writer.unsigned(8, prices.liability);
    }
    return bytes;
  }
}

function lengthFor(prices: Report['prices']): number {
  if (prices === undefined) return PRICE_LEAF_BYTES.withoutPrice;
  return prices.collateral === undefined ? PRICE_LEAF_BYTES.withPrice : PRICE_LEAF_BYTES.withUsePrices;
}

/** Reads a price leaf back, prices of the whole int64. Throws MalformedLeaf for anything else than a coherent leaf. */
export function decodePriceLeaf(bytes: Uint8Array): PriceLeaf {
  const { withoutPrice, withPrice, withUsePrices } = PRICE_LEAF_BYTES;
  if (bytes.length !== withoutPrice && bytes.length !== withPrice && bytes.length !== withUsePrices) {
    throw new MalformedLeaf(`a price leaf has 53, 83 or 99 bytes, not ${bytes.length}`);
  }
  const reader = new ByteReader(bytes);
  const kind = reader.unsigned(1);
  if (kind !== LEAF_KIND.price) throw new MalformedLeaf(`kind ${kind} is not ${LEAF_KIND.price}, a price leaf`);
  const feed = decodeFeedId(reader.raw(FEED_ID_BYTES));
  if (feed === undefined) throw new MalformedLeaf('the feed id is not ASCII text padded with zeros on its right');
  const assetVersion = reader.unsigned(2);
  const decimals = reader.unsigned(1);
  const cut = reader.unsigned(5);
  const sequence = reader.unsigned(6);
  const code = reader.unsigned(1);
  const status = STATUSES[code];
  if (status === undefined) throw new MalformedLeaf(`status ${code} is not within 0..${STATUSES.length - 1}`);
  const permitBits = reader.unsigned(1);
  const permits = fromBits(permitBits, PERMITS);
  if (permits === undefined) throw new MalformedLeaf(`permits ${permitBits} has a bit that means nothing`);
  const reasonBits = reader.unsigned(4);
  const reasons = fromBits(reasonBits, REASONS);
  if (reasons === undefined) throw new MalformedLeaf(`reasons ${reasonBits} has a bit that means nothing`);
  const observedAt = bytes.length === withoutPrice ? undefined : reader.unsigned(6);
  const prices = observedAt === undefined ? undefined : readPrices(reader, bytes.length === withUsePrices);
  const fault = incoherence({ status, permitBits, prices });
  if (fault !== undefined) throw new MalformedLeaf(fault);
  return { feed, assetVersion, decimals, cut, sequence, status, permits, reasons, observedAt, prices };
}

function readPrices(reader: ByteReader, withUsePrices: boolean): ClaimedPrices<bigint> {
  return {
    price: reader.signed64(),
    low: reader.signed64(),
    high: reader.signed64(),
    collateral: withUsePrices ? reader.signed64() : undefined,
    liability: withUsePrices ? reader.signed64() : undefined,
  };
}
