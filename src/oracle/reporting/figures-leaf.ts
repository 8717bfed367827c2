import type { FeedPlan } from '../plan';
import { TWAP_WINDOWS, type Figures, type TwapWindow } from '../report';
import { ByteReader, ByteWriter } from './bytes';
import { decodeFeedId, encodeFeedId, FEED_ID_BYTES } from './feed-id';
import { LEAF_KIND, MalformedLeaf } from './leaf';

/** Bits of the presence byte: bits 0 to 3 are the TWAP windows in their order. */
const STABLE_BIT = 1 << TWAP_WINDOWS.length;
const VOLATILITY_BIT = STABLE_BIT << 1;
const ALL_BITS = (VOLATILITY_BIT << 1) - 1;

/** Every length is odd (39 and even fields), hence never 64, the length of a pair of hashes; the longest is 95. */
const FIXED_BYTES = 39;
const TWAP_BYTES = 10;
const STABLE_BYTES = 8;
const VOLATILITY_BYTES = 8;

/** A TWAP that covers less of its window is not published. */
const MIN_COVERAGE_BPS = 9_000;
const FULL_COVERAGE_BPS = 10_000;

/** A figures leaf read back. Prices are whole numbers of 10^-decimals of the feed's price leaf. */
export interface FiguresLeaf {
  readonly feed: string;
  readonly cut: number;
  readonly twaps: Readonly<Partial<Record<TwapWindow, { readonly price: bigint; readonly coverageBps: number }>>>;
  readonly stable: bigint | undefined;
  readonly volatility: { readonly ppm: number; readonly observations: number } | undefined;
}

/** Writes the canonical figures bytes of one feed (docs/report.md). */
export class FiguresLeafEncoder {
  private readonly id: Uint8Array;

  constructor(private readonly feed: Pick<FeedPlan, 'id'>) {
    this.id = encodeFeedId(feed.id);
  }

  /** Throws for figures that do not fit their fields or break their own bounds. */
  encode(figures: Figures): Uint8Array {
    const present = presenceOf(figures);
    const bytes = new Uint8Array(lengthFor(present));
    const writer = new ByteWriter(bytes).unsigned(1, LEAF_KIND.figures).raw(this.id).unsigned(5, figures.cut);
    writer.unsigned(1, present);
    for (const { price, coverageBps } of figures.twaps) {
      if (price === undefined) continue;
      this.refuse(twapFault(price, coverageBps));
      writer.unsigned(8, price).unsigned(2, coverageBps);
    }
    if (figures.stable !== undefined) {
      this.refuse(stableFault(figures.stable));
      writer.unsigned(8, figures.stable);
    }
    if (figures.volatilityPpm !== undefined)
      writer.unsigned(4, figures.volatilityPpm).unsigned(4, figures.observations);
    return bytes;
  }

  private refuse(fault: string | undefined): void {
    if (fault !== undefined) throw new RangeError(`figures of ${this.feed.id}: ${fault}`);
  }
}

/** Reads a figures leaf back. Throws MalformedLeaf for every byte string that the encoder cannot have written. */
export function decodeFiguresLeaf(bytes: Uint8Array): FiguresLeaf {
  if (bytes.length < FIXED_BYTES) throw new MalformedLeaf(`a figures leaf has 39 bytes or more, not ${bytes.length}`);
  const reader = new ByteReader(bytes);
  const kind = reader.unsigned(1);
  if (kind !== LEAF_KIND.figures) throw new MalformedLeaf(`kind ${kind} is not ${LEAF_KIND.figures}, a figures leaf`);
  const feed = decodeFeedId(reader.raw(FEED_ID_BYTES));
  if (feed === undefined) throw new MalformedLeaf('the feed id is not ASCII text padded with zeros on its right');
  const cut = reader.unsigned(5);
  const present = reader.unsigned(1);
  if (present > ALL_BITS) throw new MalformedLeaf(`presence ${present} has a bit that means nothing`);
  const length = lengthFor(present);
  if (bytes.length !== length)
    throw new MalformedLeaf(`presence ${present} needs ${length} bytes, not ${bytes.length}`);

  const twaps: Partial<Record<TwapWindow, { price: bigint; coverageBps: number }>> = {};
  for (const [bit, window] of TWAP_WINDOWS.entries()) {
    if ((present & (1 << bit)) === 0) continue;
    const twap = { price: reader.signed64(), coverageBps: reader.unsigned(2) };
    refuse(twapFault(twap.price, twap.coverageBps));
    twaps[window] = twap;
  }
  const stable = (present & STABLE_BIT) === 0 ? undefined : reader.signed64();
  if (stable !== undefined) refuse(stableFault(stable));
  const volatility =
    (present & VOLATILITY_BIT) === 0 ? undefined : { ppm: reader.unsigned(4), observations: reader.unsigned(4) };
  return { feed, cut, twaps, stable, volatility };
}

function presenceOf({ twaps, stable, volatilityPpm }: Figures): number {
  let present = 0;
  for (const [bit, { price }] of twaps.entries()) if (price !== undefined) present |= 1 << bit;
  if (stable !== undefined) present |= STABLE_BIT;
  if (volatilityPpm !== undefined) present |= VOLATILITY_BIT;
  return present;
}

function lengthFor(present: number): number {
  let length = FIXED_BYTES;
  for (const bit of TWAP_WINDOWS.keys()) if ((present & (1 << bit)) !== 0) length += TWAP_BYTES;
  if ((present & STABLE_BIT) !== 0) length += STABLE_BYTES;
  if ((present & VOLATILITY_BIT) !== 0) length += VOLATILITY_BYTES;
  return length;
}

function twapFault(price: number | bigint, coverageBps: number): string | undefined {
  if (price <= 0) return `TWAP ${price} is not positive`;
  const covered = coverageBps >= MIN_COVERAGE_BPS && coverageBps <= FULL_COVERAGE_BPS;
  return covered ? undefined : `a TWAP's coverage is 9000..10000 bps, not ${coverageBps}`;
}

function stableFault(stable: number | bigint): string | undefined {
  return stable <= 0 ? `stable price ${stable} is not positive` : undefined;
}

function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw new MalformedLeaf(fault);
}
