import type { EpochMs } from '../src/oracle/units/time';

/** What one instrument's book says at an instant. */
export interface Top {
  readonly instrument: string;
  readonly at: EpochMs;
  /** Never decreases on one connection. */
  readonly sequence: number;
  readonly bid: number;
  readonly ask: number;
  readonly bidSize: number;
  readonly askSize: number;
  /** Of the exchange's prices of this instrument. */
  readonly decimals: number;
}

/** Bitstamp sends the whole book as it stands, up to this many levels a side. */
const BITSTAMP_LEVELS = 100;

/**
 * Quotes as the exchanges write them, byte for byte in the form of their documents; the pages are named in each
 * dialect under src/inbound/venues. Written here anew, so that the benches depend on no dialect.
 */
export const FRAMES: Readonly<Record<string, (top: Top) => string>> = {
  binance: ({ instrument, sequence, bid, ask, bidSize, askSize }) =>
    `{"stream":"${instrument.toLowerCase()}@bookTicker","data":{"u":${40_000_000_000 + sequence},"s":"${instrument}",` +
    `"b":"${bid.toFixed(8)}","B":"${bidSize.toFixed(8)}","a":"${ask.toFixed(8)}","A":"${askSize.toFixed(8)}"}}`,

  coinbase({ instrument, at, sequence, bid, ask, bidSize, askSize, decimals }) {
    const price = (value: number): string => value.toFixed(decimals);
    return (
      `{"channel":"ticker","timestamp":"${iso(at).slice(0, -1)}167359Z","sequence_num":${sequence},` +
      `"events":[{"type":"update","tickers":[{"type":"ticker","product_id":"${instrument}","price":"${price(bid)}",` +
      `"volume_24_h":"${(bidSize * 9_000).toFixed(8)}","low_24_h":"${price(bid * 0.97)}","high_24_h":"${price(ask * 1.02)}",` +
      `"low_52_w":"${price(bid * 0.5)}","high_52_w":"${price(ask * 1.6)}","price_percent_chg_24_h":"-1.24837205",` +
      `"best_bid":"${price(bid)}","best_ask":"${price(ask)}",` +
      `"best_bid_quantity":"${bidSize.toFixed(8)}","best_ask_quantity":"${askSize.toFixed(8)}"}]}]}`
    );
  },

  kraken({ instrument, at, sequence, bid, ask, bidSize, askSize, decimals }) {
    const price = (value: number): string => value.toFixed(decimals);
    return (
      `{"channel":"ticker","type":"update","data":[{"symbol":"${instrument}","bid":${price(bid)},"bid_qty":${bidSize.toFixed(8)},` +
      `"ask":${price(ask)},"ask_qty":${askSize.toFixed(8)},"last":${price(ask)},"volume":${(bidSize * 700).toFixed(8)},` +
      `"vwap":${price(bid * 0.99)},"low":${price(bid * 0.97)},"high":${price(ask * 1.02)},"change":-${price(bid * 0.012)},` +
      `"change_pct":-1.21,"trades":${31_000 + sequence},"timestamp":"${iso(at).slice(0, -1)}512Z"}]}`
    );
  },

  okx({ instrument, at, sequence, bid, ask, bidSize, askSize, decimals }) {
    const level = (price: number, size: number): string =>
      `["${price.toFixed(decimals)}","${size.toFixed(8)}","0","3"]`;
    return (
      `{"arg":{"channel":"bbo-tbt","instId":"${instrument}"},"data":[{"asks":[${level(ask, askSize)}],` +
      `"bids":[${level(bid, bidSize)}],"ts":"${Math.floor(at)}","seqId":${70_000_000_000 + sequence}}]}`
    );
  },

  bybit({ instrument, at, sequence, bid, ask, bidSize, askSize, decimals }) {
    const level = (price: number, size: number): string => `[["${price.toFixed(decimals)}","${size.toFixed(6)}"]]`;
    const ts = Math.floor(at);
    return (
      `{"topic":"orderbook.1.${instrument}","ts":${ts},"type":"snapshot","data":{"s":"${instrument}",` +
      `"b":${level(bid, bidSize)},"a":${level(ask, askSize)},"u":${sequence},"seq":${90_000_000_000 + sequence}},"cts":${ts - 3}}`
    );
  },

  bitstamp({ instrument, at, bid, ask, bidSize, askSize, decimals }) {
    const side = (best: number, size: number, step: number): string => {
      const levels = Array.from({ length: BITSTAMP_LEVELS }, (_, depth) => {
        return `["${(best * (1 + depth * step)).toFixed(decimals)}","${(size * (1 + depth / 4)).toFixed(8)}"]`;
      });
      return `[${levels.join(',')}]`;
    };
    const micro = Math.floor(at) * 1_000 + 417;
    return (
      `{"data":{"timestamp":"${Math.floor(at / 1_000)}","microtimestamp":"${micro}",` +
      `"bids":${side(bid, bidSize, -0.000_08)},"asks":${side(ask, askSize, 0.000_08)}},` +
      `"channel":"order_book_${instrument}","event":"data"}`
    );
  },
};

function iso(at: EpochMs): string {
  return new Date(Math.floor(at)).toISOString();
}
