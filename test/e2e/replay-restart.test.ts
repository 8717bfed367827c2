import { dialectNames } from '../../src/inbound/venues/registry';
import { Random } from '../../src/lab/market/random';
import type { EpochMs } from '../../src/oracle/units/time';
import { SECOND_MS } from '../../src/oracle/units/time';
import type { OracleState } from '../../src/oracle/oracle';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import type { Configuration } from '../../src/platform/config/configuration';
import { loadConfiguration } from '../../src/platform/config/load';
import { loadKeccak } from '../../src/platform/keccak';
import type { RecordedEvent } from '../../src/recording/event';
import { buildEngine } from '../../src/runtime/build-engine';
import type { Engine } from '../../src/runtime/engine';
import { SpokenMarket } from '../support/spoken-market';

const START = 1_700_000_040_000;
/** Long enough for a jump, steps of the risk grid and minutes in plenty on either side of a restart. */
const SECONDS = 360;
const LOOKED_AT_AFTER_S = 75;

let configuration: Configuration;
let keccak: Keccak;
let market: SpokenMarket;

beforeAll(async () => {
  configuration = loadConfiguration('config/lab', dialectNames);
  keccak = await loadKeccak();
  market = new SpokenMarket(configuration, 3, START, [{ asset: 'BTC', bps: -150, fromMs: 200_000, overMs: 0 }]);
});

/** One life of a service in virtual time, which can be asked at any instant what it would leave to the next. */
class Life {
  private readonly engine: Engine;
  private next = 0;
  private passedAt: EpochMs = -Infinity;

  constructor(
    private readonly events: readonly RecordedEvent[],
    state?: unknown,
  ) {
    this.engine = buildEngine(configuration, { keccak, signer: undefined, state });
  }

  /** Everything up to an instant, that included. */
  reach(until: EpochMs): this {
    for (let event = this.events[this.next]; event !== undefined && event.at <= until;) {
      this.engine.hear(event);
      const following = this.events[++this.next];
      if (following?.at !== event.at) this.pass(event.at);
      event = following;
    }
    this.pass(until);
    return this;
  }

  left(): string {
    return JSON.stringify(this.engine.state());
  }

  private pass(at: EpochMs): void {
    if (at <= this.passedAt) return;
    this.passedAt = at;
    Array.from(this.engine.advance(at));
  }
}

/** All that risk is computed from, now and later, and what else is a fold over prices at whole seconds. */
function riskOf(left: string): unknown {
  const { oracle } = JSON.parse(left) as { readonly oracle: OracleState };
  const pasts = Object.entries(oracle.feeds).map(([id, { volatility, scatter, recent }]) => {
    return { id, volatility, scatter, recent };
  });
  return { risk: oracle.risk, pasts };
}

/** Each between two words of the market and early enough in its second for a third, in order. */
function restarts(seed: number, count: number): { readonly stopAt: EpochMs; readonly startAt: EpochMs }[] {
  const random = new Random(seed);
  const between = (from: number, to: number): number => from + Math.floor(random.uniform() * (to - from));
  const seconds = Array.from({ length: count }, () => between(70, SECONDS - LOOKED_AT_AFTER_S - 5));
  return seconds
    .sort((a, b) => a - b)
    .map((second) => {
      const stopAt = START + second * SECOND_MS + between(0, 2) * 300 + between(50, 200);
      return { stopAt, startAt: stopAt + between(1, 10) };
    });
}

describe('a service that is stopped and started again', () => {
  test('missing no word, and back before the second is over, knows of risk what it would know anyway, to the bit', () => {
    const undisturbed = new Life(market.recording(SECONDS));
    const chosen = restarts(1, 6);
    const instants = chosen.flatMap(({ stopAt }) => [stopAt, lookedAtAfter(stopAt)]).sort((a, b) => a - b);
    const left = new Map(instants.map((at) => [at, undisturbed.reach(at).left()]));
    for (const { stopAt, startAt } of chosen) {
      const events = market.recordingFrom(startAt, SECONDS, 30);
      const life = new Life(events, JSON.parse(left.get(stopAt) ?? ''));
      const restarted = life.reach(lookedAtAfter(stopAt)).left();
      expect(riskOf(restarted)).toEqual(riskOf(left.get(lookedAtAfter(stopAt)) ?? ''));
    }
  });
});

function lookedAtAfter(stopAt: EpochMs): EpochMs {
  return (Math.floor(stopAt / SECOND_MS) + LOOKED_AT_AFTER_S) * SECOND_MS;
}
