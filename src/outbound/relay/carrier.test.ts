import { FAKE_GAS, FakeChain } from '../../../test/support/fake-chain';
import { CALM, RELAYED_FEEDS, RelayedGroup } from '../../../test/support/relayed-group';
import { SteeredClock } from '../../../test/support/steered-clock';
import { DAY_MS } from '../../oracle/units/time';
import type { RelayChain } from '../../platform/config/relay-configuration';
import { Carrier, type CarrierEvent } from './carrier';
import { GasBook } from './gas-book';

const STORE = '0x00000000000000000000000000000000000000a1';
const CUT = 180_000_000_000;
const SETTINGS: RelayChain = {
  name: 'test',
  chainId: 31_337,
  rpcUrlEnvs: [],
  pollMs: 1_000,
  maxGasPerDay: 10 * FAKE_GAS,
  blockMs: 12_000,
  maxFeePerGas: 1_000n,
  replaceAfterMs: 36_000,
  stores: [
    {
      group: 'majors',
      feeds: RELAYED_FEEDS,
      address: STORE,
      heartbeatMs: 60_000,
      deviationBps: [50, 50, 10, 50],
      lateAfterMs: 30_000,
    },
  ],
};

describe(Carrier.name, () => {
  let group: RelayedGroup;
  let chain: FakeChain;
  let clock: SteeredClock;
  let gas: GasBook;
  let events: CarrierEvent[];
  let carrier: Carrier;

  const start = (settings: Partial<RelayChain> = {}): Carrier =>
    new Carrier({ ...SETTINGS, ...settings }, chain, gas, clock, (event) => events.push(event));

  beforeAll(async () => {
    group = await RelayedGroup.make();
  });
  beforeEach(() => {
    chain = new FakeChain(STORE, group.hash);
    clock = new SteeredClock(CUT * 10);
    gas = new GasBook(10 * FAKE_GAS);
    events = [];
    carrier = start();
  });

  /** Offers a cut of the clock's instant, and lets the carrier look at the chain. */
  const turn = async (dollars = CALM): Promise<void> => {
    carrier.offer('majors', group.offer(Math.floor(clock.now() / 10), dollars));
    await carrier.turn();
  };
  const kinds = (): string[] => events.map((event) => (event.kind === 'held' ? event.why : event.kind));
  const stored = () => carrier.standing(SETTINGS.stores[0]!)?.cut;
  const pass = (ms: number): void => clock.jump(ms);
  const bump = (move: number) => [65_000 * move, ...CALM.slice(1)];

  test('tells a store what it has never heard, once', async () => {
    await turn();
    await turn();
    pass(1_000);
    await turn();
    expect(kinds()).toEqual(['sent', 'stored']);
    expect(stored()).toBe(CUT);
    expect(gas.usedOn(clock.now())).toBe(FAKE_GAS);
  });

  test.each([
    ['a heartbeat', 60_000, CALM],
    ['a deviation', 1_000, [65_400, 2_000, 1, 80]],
    ['a lost price', 1_000, [65_000, undefined, 1, 80]],
  ])('tells it again by %s', async (_, ms, dollars) => {
    await turn();
    pass(ms);
    await turn(dollars);
    await turn(dollars);
    expect(kinds()).toEqual(['sent', 'stored', 'sent', 'stored']);
    expect(chain.taken.map(({ nonce }) => nonce)).toEqual([0, 1]);
  });

  test('pushes nothing while a heartbeat is due and nothing newer is on offer', async () => {
    await turn();
    pass(60_000);
    await carrier.turn();
    await carrier.turn();
    expect(chain.taken).toHaveLength(1);
    expect(carrier.causeFor(SETTINGS.stores[0]!)).toMatchObject({ kind: 'heartbeat' });
  });

  test('has one transaction under way at a time', async () => {
    chain.hold();
    await turn();
    pass(1_000);
    await turn(bump(1.1));
    expect(chain.taken).toHaveLength(1);
    expect(carrier.isWaiting).toBe(true);
  });

  test('replaces what is stuck by the newest, for an eighth more, under the same nonce', async () => {
    chain.hold();
    await turn();
    pass(SETTINGS.replaceAfterMs);
    await turn(bump(1.1));
    chain.mine();
    await turn(bump(1.1));
    const [first, second] = chain.taken;
    expect(second?.nonce).toBe(first?.nonce);
    expect(8n * second!.fees.maxFeePerGas).toBeGreaterThanOrEqual(9n * first!.fees.maxFeePerGas);
    expect(kinds()).toEqual(['sent', 'sent', 'stored']);
    expect(stored()).toBe(Math.floor(clock.now() / 10));
  });

  test('counts the first version where that was mined after all', async () => {
    chain.hold();
    await turn();
    const early = chain.taken[0]!;
    pass(SETTINGS.replaceAfterMs);
    await turn();
    chain.drop();
    await chain.push(early);
    chain.mine();
    await carrier.turn();
    expect(kinds()).toEqual(['sent', 'sent', 'stored']);
    expect(stored()).toBe(CUT);
  });

  test('sends again what all nodes have dropped, a block later', async () => {
    chain.hold();
    await turn();
    chain.drop();
    pass(SETTINGS.blockMs - 1);
    await turn();
    expect(chain.taken).toHaveLength(1);
    pass(1);
    await turn();
    expect(chain.taken.map(({ nonce }) => nonce)).toEqual([0, 0]);
  });

  test('pays for what was reverted, and has nothing more to say where another told the store', async () => {
    chain.hold();
    await turn();
    chain.pushedByOther(group.offer(CUT + 5).message);
    chain.mine();
    pass(1_000);
    await turn();
    expect(kinds()).toEqual(['sent', 'reverted']);
    expect(gas.usedOn(clock.now())).toBe(FAKE_GAS);
    expect(stored()).toBe(CUT + 5);
  });

  test('goes on with the next nonce where another program used the account', async () => {
    chain.hold();
    await turn();
    chain.useNonce();
    pass(1_000);
    chain.mine();
    await turn();
    expect(kinds()).toEqual(['sent', 'displaced', 'sent']);
    expect(chain.taken.map(({ nonce }) => nonce)).toEqual([0, 1]);
  });

  test('outbids what it left waiting before a restart', async () => {
    chain.hold();
    await turn();
    carrier = start();
    pass(1_000);
    await turn();
    chain.mine();
    await turn();
    expect(chain.taken.map(({ nonce }) => nonce)).toEqual([0, 0]);
    expect(stored()).toBe(CUT + 100);
  });

  test('pays no more than the cap, neither at first nor for a replacement', async () => {
    chain.baseFeePerGas = 1_000n;
    await turn();
    expect(kinds()).toEqual(['feeAboveCap']);
    chain.baseFeePerGas = 900n;
    chain.hold();
    await turn();
    pass(SETTINGS.replaceAfterMs);
    await turn();
    expect(kinds()).toEqual(['feeAboveCap', 'sent', 'feeAboveCap']);
  });

  test('uses no more gas in a day than it may, and goes on the next', async () => {
    gas = new GasBook(FAKE_GAS);
    carrier = start();
    await turn();
    await turn();
    pass(60_000);
    await turn();
    expect(kinds()).toEqual(['sent', 'stored', 'gasOfDayUsed']);
    pass(DAY_MS);
    await turn();
    expect(kinds().at(-1)).toBe('sent');
  });

  test('loses nothing while no node answers', async () => {
    chain.isDown = true;
    await expect(turn()).rejects.toThrow('no node answers');
    chain.isDown = false;
    await turn();
    expect(kinds()).toEqual(['sent']);
  });
});
