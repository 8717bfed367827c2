import type { OracleInput } from '../src/oracle/input';
import { loadKeccak } from '../src/platform/keccak';
import { interleave, median, spread, type Row, type Work } from './paired';
import { FEEDS, SOURCES, WideMarket } from './wide-market';

const ROUNDS = 5;
const TURNS = 100;
const WARM_UP_TURNS = 400;
const FEW = 3;

/** A cut of many feeds against sorting the same votes, and what an observation costs against writing it down. */
export async function wideCut(): Promise<Row[]> {
  const keccak = await loadKeccak();
  const market = (): WideMarket => new WideMarket(keccak);
  const works = {
    all: cutting(market(), FEEDS),
    few: cutting(market(), FEW),
    sortAll: sorting(market(), FEEDS),
    sortFew: sorting(market(), FEW),
    observe: observing(market()),
    write: writing(market()),
  };
  const list = Object.values(works);
  interleave(list, 1, WARM_UP_TURNS);
  const rounds = interleave(list, ROUNDS, TURNS);
  const times = (work: Work): number[] => rounds.map((round) => round[list.indexOf(work)] ?? NaN);
  const row = (bench: string, what: string, works: { own: Work; limit: Work; count?: number }): Row => {
    const { own, limit, count = 1 } = works;
    const [ownMs, limitMs] = [times(own), times(limit)];
    return {
      bench,
      what,
      ratio: spread(ownMs.map((ms, round) => ms / (limitMs[round] ?? NaN))),
      micros: (1_000 * median(ownMs)) / count,
      limitMicros: (1_000 * median(limitMs)) / count,
    };
  };
  const { all, few, sortAll, sortFew, observe, write } = works;
  const size = `${FEEDS} feeds x ${SOURCES}`;
  return [
    row('cut against sorting', `${size}, all dirty, ${FEEDS} sorts`, { own: all, limit: sortAll }),
    row('cut against sorting', `${size}, ${FEW} dirty, ${FEW} sorts`, { own: few, limit: sortFew }),
    row('cut against sorting', `${size}, ${FEW} dirty, ${FEEDS} sorts`, { own: few, limit: sortAll }),
    row('observation', 'one, against six typed columns', { own: observe, limit: write, count: FEEDS * SOURCES }),
  ];
}

/** The cut of what every source of some feeds has just said. */
function cutting(market: WideMarket, feeds: number): Work {
  return {
    prepare: () => {
      market.leaveGrid();
      market.hear(market.next(feeds));
    },
    run: () => {
      const reports = market.cut();
      if (reports !== feeds) throw new Error(`${reports} reports changed instead of ${feeds}`);
    },
  };
}

/** The same votes sorted, an array a feed, by the library. */
function sorting(market: WideMarket, feeds: number): Work {
  const arrays = Array.from({ length: feeds }, () => new Float64Array(SOURCES));
  return {
    prepare: () => {
      const inputs = market.next(feeds);
      arrays.forEach((array, feed) => {
        for (let index = 0; index < SOURCES; index++) array[index] = bidOf(inputs[feed * SOURCES + index]);
      });
    },
    run: () => {
      for (const array of arrays) array.sort();
    },
  };
}

function bidOf(input: OracleInput | undefined): number {
  return (input?.kind === 'quote' ? input.quote.bid : undefined) ?? NaN;
}

/** What every source says reaches its slot; the cut that follows is not timed. */
function observing(market: WideMarket): Work {
  let inputs: readonly OracleInput[] = [];
  let hasHeard = false;
  return {
    prepare: () => {
      if (hasHeard) market.cut();
      market.leaveGrid();
      inputs = market.next(FEEDS);
      hasHeard = true;
    },
    run: () => {
      market.hear(inputs);
    },
  };
}

/** The least that keeps what was said: six figures of each quote in columns. */
function writing(market: WideMarket): Work {
  const columns = Array.from({ length: 6 }, () => new Float64Array(FEEDS * SOURCES));
  const [bid, ask, bidSize, askSize, eventAt, receivedAt] = columns as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let inputs: readonly OracleInput[] = [];
  return {
    prepare: () => {
      inputs = market.next(FEEDS);
    },
    run: () => {
      for (const input of inputs) {
        if (input.kind !== 'quote') continue;
        const { source, quote } = input;
        bid[source] = quote.bid ?? NaN;
        ask[source] = quote.ask ?? NaN;
        bidSize[source] = quote.bidSize ?? NaN;
        askSize[source] = quote.askSize ?? NaN;
        eventAt[source] = quote.eventAt ?? NaN;
        receivedAt[source] = source;
      }
    },
  };
}
