import { DependencePast } from '../src/oracle/risk/dependence/dependence-past';
import { MINUTE_MS, SECOND_MS } from '../src/oracle/units/time';
import { planOf } from '../test/support/plans';
import { interleave, median, spread, timed, type Row, type Work } from './paired';

const STEP_MS = 5 * MINUTE_MS;
/** Before it, no pair has a basis. */
const WARM_STEPS = 90;
const WATCHED_STEPS = 10;
const CUTS_A_STEP = STEP_MS / SECOND_MS;
const ROUNDS = 5;
const TURNS = 3;

/** What a step of the risk grid costs of all correlations, and what of it falls to a single cut. */
export function dependenceCost(): Row[] {
  return [100, 500].flatMap((feeds) => {
    const market = new DependentMarket(feeds);
    const own: Work = { prepare: () => undefined, run: () => market.pass(() => undefined) };
    const limit = multiplying(feeds);
    interleave([limit], 1, TURNS);
    const rounds = interleave([own, limit], ROUNDS, TURNS);
    const micros = (work: number): number => 1_000 * median(rounds.map((times) => times[work] ?? NaN));
    const watched = Array.from({ length: WATCHED_STEPS }, () => {
      const cuts: number[] = [];
      market.pass((ms) => cuts.push(ms));
      return cuts;
    });
    // A cut does the same at each step: what slows one of them down is the machine.
    const cuts = Array.from({ length: CUTS_A_STEP }, (_, cut) => median(watched.map((step) => step[cut] ?? NaN)));
    const p99 = cuts.sort((a, b) => a - b)[Math.floor(0.99 * (CUTS_A_STEP - 1))] ?? NaN;
    const share = micros(1) / CUTS_A_STEP;
    return [
      {
        bench: 'dependence',
        what: `a step of ${feeds} feeds, against n³/6 multiply-adds`,
        ratio: spread(rounds.map(([ms = NaN, limitMs = NaN]) => ms / limitMs)),
        micros: micros(0),
        limitMicros: micros(1),
      },
      {
        bench: 'dependence',
        what: `p99 of its ${CUTS_A_STEP} cuts, against their even share`,
        ratio: spread([(1_000 * p99) / share]),
        micros: 1_000 * p99,
        limitMicros: share,
      },
    ];
  });
}

/** Feeds that move every step, half of it together, with a cut a second. */
class DependentMarket {
  private readonly past: DependencePast;
  private readonly prices: Float64Array;
  private at = 0;
  private seed = 1;

  constructor(feeds: number) {
    const ids = Array.from({ length: feeds }, (_, feed) => [`A${feed}/USD`, { sources: {} }] as const);
    this.past = new DependencePast(planOf(Object.fromEntries(ids)).feeds);
    this.prices = new Float64Array(feeds).fill(100);
    for (let step = 0; step < WARM_STEPS; step++) this.pass(() => undefined);
    if (this.past.figures()?.feeds.length !== feeds) throw new Error(`not all of ${feeds} feeds have a basis`);
  }

  /** A step, telling of each cut how many milliseconds it took. */
  pass(tell: (ms: number) => void): void {
    const common = this.draw();
    for (let cut = 1; cut <= CUTS_A_STEP; cut++) {
      this.at += SECOND_MS;
      tell(
        timed(() => {
          this.past.elapse(this.at);
        }),
      );
      if (cut !== CUTS_A_STEP - 1) continue;
      for (const [feed, price] of this.prices.entries()) {
        const next = price * (1 + 0.001 * (common + this.draw()));
        this.prices[feed] = next;
        this.past.hold(feed, next, this.at);
      }
    }
  }

  private draw(): number {
    this.seed = (Math.imul(this.seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.seed / 2 ** 32 - 0.5;
  }
}

/** The multiply-adds of one factorisation, row by row, and nothing else. */
function multiplying(feeds: number): Work {
  const rows = Array.from({ length: feeds }, (_, row) => new Float64Array(feeds).fill(1 / (row + 1)));
  let kept = 0;
  return {
    prepare: () => undefined,
    run: () => {
      for (const [place, row] of rows.entries()) {
        for (let other = 0; other < place; other++) {
          const before = rows[other] as Float64Array;
          let sum = 0;
          for (let index = 0; index < other; index++) sum += (row[index] as number) * (before[index] as number);
          kept += sum;
        }
      }
      if (Number.isNaN(kept)) throw new Error('sums of numbers are numbers');
    },
  };
}
