import { HOUR_MS } from '../../oracle/units/time';
import { isVenue, VENUE_NAMES, type VenueName, type VenueQuote } from './venue-quotes';

/** What can be wrong with a simulated exchange, what it does, and how much of it by default. */
export const FAULTS = {
  kill: { does: 'drops all connections and refuses new ones' },
  halfopen: { does: 'keeps its sockets open but neither reads nor writes, and completes no handshake' },
  silence: { does: 'stays connected and reads, but says nothing: no data, heartbeat, answer or pong' },
  freeze: { does: 'goes on with heartbeats and fresh times, but repeats its last quotes' },
  garbage: { does: 'sends noise instead of quotes: random bytes, broken, wrong or foreign JSON' },
  gap: {
    does: 'loses quotes on the way, so that its sequence numbers skip',
    unit: 'one in so many',
    amount: 4,
    from: 1,
    to: 1e6,
  },
  flood: { does: 'sends each quote many times over', unit: 'times', amount: 50, from: 1, to: 1_000 },
  skew: { does: 'its clock is wrong', unit: 'ms ahead', amount: HOUR_MS, from: -1e12, to: 1e12 },
  lie: { does: 'its prices are off', unit: 'bps too high', amount: 200, from: -9_999, to: 1e6 },
  zero: { does: 'its prices are zero' },
  crossed: { does: 'its bid stands above its ask' },
} as const satisfies Readonly<Record<string, FaultKind>>;

interface FaultKind {
  readonly does: string;
  readonly unit?: string;
  readonly amount?: number;
  /** The least and the most that the amount may be. */
  readonly from?: number;
  readonly to?: number;
}

export type FaultName = keyof typeof FAULTS;

/** The faults of one exchange, each with its amount (without meaning for those that have no unit). */
export type ActiveFaults = ReadonlyMap<FaultName, number>;

export interface FaultOrder {
  readonly venue: VenueName;
  readonly fault: FaultName;
  /** In the fault's own unit; absent: the default. */
  readonly amount?: number;
}

/**
 * Reads `binance:silence`, or `binance:lie=350` where the fault has a unit.
 * @throws RangeError that lists what is known
 */
export function parseFault(text: string): FaultOrder {
  const [, venue = '', fault = '', amount] = /^([^:=]*):([^:=]*)(?:=(.*))?$/.exec(text) ?? [];
  if (!isVenue(venue) || !isFaultName(fault)) {
    throw new RangeError(`'${text}' names no fault: write VENUE:FAULT or VENUE:FAULT=NUMBER.\n${knownFaults()}`);
  }
  const { from = NaN, to = NaN }: FaultKind = FAULTS[fault];
  const value = Number(amount?.trim() === '' ? NaN : amount);
  if (amount !== undefined && !(value >= from && value <= to)) {
    const limits = Number.isNaN(from) ? 'takes no number' : `takes a number from ${from} to ${to}, not '${amount}'`;
    throw new RangeError(`'${text}' is no fault: ${fault} ${limits}.\n${knownFaults()}`);
  }
  return amount === undefined ? { venue, fault } : { venue, fault, amount: value };
}

/** One line for the exchanges and one for each fault, for a terminal. */
function knownFaults(): string {
  const faults = Object.entries<FaultKind>(FAULTS).map(([name, { does, unit, amount }]) => {
    const measure = unit === undefined ? '' : ` (${unit}; ${String(amount)} by default)`;
    return `  ${name.padEnd(9)}${does}${measure}`;
  });
  return [`VENUE is one of ${VENUE_NAMES.join(', ')}. FAULT is one of`, ...faults].join('\n');
}

function isFaultName(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

/** The amount that a fault has when nobody says otherwise; zero where it has no unit. */
export function defaultAmount(fault: FaultName): number {
  const kind: FaultKind = FAULTS[fault];
  return kind.amount ?? 0;
}

/** What an exchange with these faults makes of a true quote. Of several, each works on what the one before it left. */
export function distort(quote: VenueQuote, faults: ActiveFaults): VenueQuote {
  let { bid, ask, last, eventAt } = quote;
  const lie = faults.get('lie');
  if (lie !== undefined) [bid, ask, last] = [bid, ask, last].map((price) => price * (1 + lie / 10_000)) as Prices;
  if (faults.has('crossed')) [bid, ask] = [ask * 1.001, bid];
  if (faults.has('zero')) [bid, ask, last] = [0, 0, 0];
  eventAt += faults.get('skew') ?? 0;
  return { ...quote, bid, ask, last, eventAt };
}

type Prices = [bid: number, ask: number, last: number];

const NOISE: readonly (string | Buffer)[] = [
  Buffer.from([0x00, 0xff, 0xfe, 0x80, 0xc3, 0x28, 0x7f, 0x01]),
  '',
  '{"data":',
  '{}',
  '[]',
  'null',
  '"\\u0000"',
  '{"channel":"ticker","type":"update","data":[{"symbol":17,"bid":"NaN","ask":1e308}]}',
  '{"stream":"btcusdt@bookTicker","data":{"u":-1,"s":"BTCUSDT","b":"1e999","B":"","a":null,"A":{}}}',
  '{"topic":"orderbook.1.BTCUSDT","type":"delta","data":{"s":"","b":[[]],"a":[["x"]],"u":"u"}}',
  `{"event":"data","channel":"order_book_btcusd","data":{"bids":${'['.repeat(64)}${']'.repeat(64)}}}`,
  '<html><body>502 Bad Gateway</body></html>',
];

/** The nth frame of an exchange that has lost its mind; it repeats after a dozen. */
export function noiseFrame(index: number): string | Buffer {
  return NOISE[index % NOISE.length] ?? '';
}
