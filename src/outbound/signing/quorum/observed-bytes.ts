import { observationFault, type ObservedFeed } from '../../../oracle/certifying/observed-feed';
import type { ReportPrices } from '../../../oracle/report';
import { ByteReader, ByteWriter } from '../../../oracle/reporting/bytes';

const HAS_PRICE = 1;
const HAS_USE_PRICES = 2;
const FIXED_BYTES = 13;
const PRICE_BYTES = 30;
const USE_PRICE_BYTES = 16;
const LARGEST_U32 = 0xffff_ffff;
const HUNDREDTHS = 100;

/** All feeds of one observation, in the order of the plan (docs/quorum.md). */
export function encodeObserved(feeds: readonly ObservedFeed[]): Uint8Array {
  const bytes = new Uint8Array(feeds.reduce((length, { prices }) => length + lengthFor(flagsOf(prices)), 0));
  const writer = new ByteWriter(bytes);
  for (const { reasons, observedAt, prices, sources, dispersionBps } of feeds) {
    writer
      .unsigned(1, flagsOf(prices))
      .unsigned(4, reasons >>> 0)
      .unsigned(2, sources.used)
      .unsigned(2, sources.upstreams)
      .unsigned(4, Math.min(Math.round(dispersionBps * HUNDREDTHS), LARGEST_U32));
    if (prices === undefined) continue;
    const { price, low, high, collateral, liability } = prices;
    writer.unsigned(6, observedAt ?? 0);
    for (const figure of [price, low, high, collateral, liability])
      if (figure !== undefined) writer.unsigned(8, figure);
  }
  return bytes;
}

/** The feeds read back, or in words what is wrong with the bytes. */
export function decodeObserved(bytes: Uint8Array, count: number): readonly ObservedFeed[] | string {
  const reader = new ByteReader(bytes);
  const feeds: ObservedFeed[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const flags = bytes[offset] ?? 0;
    if (flags !== 0 && flags !== HAS_PRICE && flags !== (HAS_PRICE | HAS_USE_PRICES))
      return `flags ${flags} mean nothing`;
    offset += lengthFor(flags);
    if (offset > bytes.length) return `feed ${feeds.length} ends after the bytes do`;
    const feed = readFeed(reader, flags);
    const fault = typeof feed === 'string' ? feed : observationFault(feed);
    if (fault !== undefined) return `feed ${feeds.length}: ${fault}`;
    feeds.push(feed as ObservedFeed);
  }
  return feeds.length === count ? feeds : `${feeds.length} feeds, not ${count}`;
}

function readFeed(reader: ByteReader, flags: number): ObservedFeed | string {
  reader.unsigned(1);
  const reasons = reader.unsigned(4) | 0;
  const sources = { used: reader.unsigned(2), upstreams: reader.unsigned(2) };
  const dispersionBps = reader.unsigned(4) / HUNDREDTHS;
  if (flags === 0) return { reasons, observedAt: undefined, prices: undefined, sources, dispersionBps };
  const observedAt = reader.unsigned(6);
  const figures = Array.from({ length: flags & HAS_USE_PRICES ? 5 : 3 }, () => Number(reader.signed64()));
  if (!figures.every((figure) => Number.isSafeInteger(figure))) return 'a price is beyond 2^53';
  const [price = 0, low = 0, high = 0, collateral, liability] = figures;
  return { reasons, observedAt, prices: { price, low, high, collateral, liability }, sources, dispersionBps };
}

function flagsOf(prices: ReportPrices | undefined): number {
  if (prices === undefined) return 0;
  return prices.collateral === undefined ? HAS_PRICE : HAS_PRICE | HAS_USE_PRICES;
}

function lengthFor(flags: number): number {
  return FIXED_BYTES + (flags & HAS_PRICE ? PRICE_BYTES : 0) + (flags & HAS_USE_PRICES ? USE_PRICE_BYTES : 0);
}
