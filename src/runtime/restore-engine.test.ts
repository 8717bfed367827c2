import { planOf } from '../../test/support/plans';
import { MINUTE_MS } from '../oracle/units/time';
import { MemoryLedger } from '../outbound/ledger/memory-ledger';
import { loadConfiguration } from '../platform/config/load';
import type { Configuration } from '../platform/config/configuration';
import { loadKeccak } from '../platform/keccak';
import { dialectNames } from '../inbound/venues/registry';
import type { Engine } from './engine';
import { restoreEngine } from './restore-engine';

const VENUES = ['a', 'b', 'c', 'd'];
const START = 30_000_000 * MINUTE_MS;
const plan = planOf({ 'BTC/USD': { sources: { a: {}, b: {}, c: {}, d: {} } } });
const configuration: Configuration = {
  ...loadConfiguration('config', dialectNames),
  plan,
  venues: VENUES.map((name) => ({ name, dialect: 'generic', endpoint: undefined, instruments: ['BTC/USD'] })),
};

/** An engine that lives for some seconds upon a ledger, hearing all venues each second. */
class Life {
  private constructor(
    readonly engine: Engine,
    private readonly ledger: MemoryLedger,
  ) {}

  static async begin(ledger: MemoryLedger): Promise<Life> {
    const engine = await restoreEngine(configuration, ledger, { keccak: await loadKeccak(), signer: undefined });
    return new Life(engine, ledger);
  }

  async last(from: number, to: number): Promise<void> {
    for (let at = from; at < to; at += 1_000) {
      const price = 100 + (at % 7_000) / 1_000;
      const observation = { instrument: 'BTC/USD', bid: String(price - 0.01), ask: String(price + 0.01) };
      for (const venue of VENUES) this.engine.hear({ at, venue, observation });
      for (const entry of this.engine.advance(at)) await this.ledger.append(entry);
    }
  }
}

describe(restoreEngine.name, () => {
  test('gives the state of the engine that died, though that one was itself restored within the same minute', async () => {
    const ledger = new MemoryLedger();
    const first = await Life.begin(ledger);
    await first.last(START, START + 20_000);
    const second = await Life.begin(ledger);
    await second.last(START + 25_500, START + 40_000);
    const third = await Life.begin(ledger);
    expect(third.engine.state()).toEqual(second.engine.state());
  });
});
