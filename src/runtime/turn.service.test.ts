import { T0 } from '../../test/support/oracle-driver';
import { genericFrame, plainEngine } from '../../test/support/plain-engine';
import { planOf } from '../../test/support/plans';
import { SteeredClock } from '../../test/support/steered-clock';
import type { Keccak } from '../oracle/reporting/keccak';
import type { LedgerEntry } from '../outbound/ledger/ledger';
import { loadKeccak } from '../platform/keccak';
import type { RecordedEvent } from '../recording/event';
import { TurnService, type TurnOutlets } from './turn.service';

const PLAN = planOf({ BTC: { policy: { warmUpMs: 0, graceMs: 0 }, sources: { a: {}, b: {}, c: {}, d: {} } } });
const VENUES = ['a', 'b', 'c', 'd'];

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

class Outlets implements TurnOutlets {
  readonly entries: LedgerEntry[] = [];
  readonly events: RecordedEvent[] = [];
  readonly failures: unknown[] = [];
  readonly starts: number[] = [];
  readonly stops: number[] = [];
  /** Entries and events as they came. */
  readonly order: (LedgerEntry | RecordedEvent)[] = [];

  started(at: number): void {
    this.starts.push(at);
  }

  entry(entry: LedgerEntry): void {
    this.entries.push(entry);
    this.order.push(entry);
  }

  heard(event: RecordedEvent): void {
    this.events.push(event);
    this.order.push(event);
  }

  stopped(at: number): void {
    this.stops.push(at);
  }

  failed(error: unknown): void {
    this.failures.push(error);
  }

  get instants(): number[] {
    return this.entries.map(({ cut }) => cut.at - T0);
  }
}

function service(): {
  clock: SteeredClock;
  outlets: Outlets;
  turn: TurnService;
  engine: ReturnType<typeof plainEngine>;
} {
  const clock = new SteeredClock(T0);
  const outlets = new Outlets();
  const engine = plainEngine(PLAN, keccak);
  return { clock, outlets, engine, turn: new TurnService(engine, clock, clock, outlets) };
}

function speak(turn: TurnService, price: number): void {
  for (const venue of VENUES) turn.received(venue, '1', genericFrame('BTC', price));
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('TurnService', () => {
  it('makes the first cut as it starts, and says what it starts from before that', () => {
    const { outlets, turn } = service();
    turn.start();
    expect(outlets.starts).toEqual([T0]);
    expect(outlets.instants).toEqual([0]);
  });

  it('lets all frames of one turn share one instant and one cut, however the clock runs meanwhile', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    clock.jump(25);
    turn.received('a', '1', genericFrame('BTC', 100));
    clock.jump(3);
    turn.received('b', '1', genericFrame('BTC', 100));
    turn.received('c', '1', genericFrame('BTC', 100));
    expect(outlets.entries).toHaveLength(1);
    await nextTurn();
    expect(outlets.events.map(({ at }) => at - T0)).toEqual([25, 25, 25]);
    expect(outlets.instants).toEqual([0, 25]);
    expect(outlets.entries[1]!.cut.reports[0]!.sources.used).toBe(3);
  });

  it('gives the next turn its own instant', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    clock.jump(20);
    turn.received('a', '1', genericFrame('BTC', 100));
    await nextTurn();
    clock.jump(20);
    turn.received('a', '1', genericFrame('BTC', 101));
    await nextTurn();
    expect(outlets.instants).toEqual([0, 20, 40]);
  });

  it('lets input that comes sooner than a tick wait for its timer', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    clock.jump(4);
    speak(turn, 100);
    await nextTurn();
    expect(outlets.instants).toEqual([0]);
    expect(clock.nextDueAt).toBe(T0 + 10);
    await clock.advance(6);
    expect(outlets.instants).toEqual([0, 10]);
    expect(outlets.entries[1]!.cut.reports[0]!.prices?.price).toBe(10_000);
  });

  it('makes the cuts that fall due without any input, and keeps one timer armed', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    speak(turn, 100);
    await clock.advance(3_000);
    expect(outlets.instants.slice(-3)).toEqual([1_000, 2_000, 3_000]);
    expect(clock.pending).toBe(1);
  });

  it('halts a silent feed on time', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    await clock.advance(500);
    speak(turn, 100);
    await clock.advance(10_000);
    const halt = outlets.entries.findLast(({ cut }) => cut.reports.length > 0)!;
    expect(halt.cut.at - T0).toBe(10_500);
    expect(halt.cut.reports[0]!.status).toBe('halted');
  });

  it('makes up for a late timer with the cuts that a punctual one had made', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    clock.jump(2_345);
    await clock.advance(0);
    expect(outlets.instants).toEqual([0, 1_000, 2_000]);
  });

  it('ends the turn under way before a timer that fires within it', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    clock.jump(990);
    speak(turn, 100);
    clock.jump(10);
    await clock.advance(0);
    expect(outlets.instants).toEqual([0, 990, 1_000]);
  });

  it('never records an instant at which a cut was already made', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    for (let index = 0; index < 5; index++) {
      turn.received('a', '1', genericFrame('BTC', 100 + index));
      await nextTurn();
      await clock.advance(index % 2 === 0 ? 10 : 0);
    }
    outlets.order.forEach((event, index) => {
      if ('cut' in event) return;
      const made = outlets.order.slice(0, index).flatMap((earlier) => ('cut' in earlier ? [earlier.cut.at] : []));
      expect(event.at).toBeGreaterThan(Math.max(...made));
    });
    expect(outlets.events).toHaveLength(5);
  });

  it('tells of everything that it heard, as it will stand in a recording', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    clock.jump(20);
    turn.opened('a', '1');
    turn.received('a', '1', Uint8Array.of(1, 2, 255));
    turn.read('ethereum', 'chainlink:BTC', { value: '100', updatedAt: T0 });
    turn.instructed({ halt: 'BTC', by: '0x', why: 'drill', issuedAt: T0, signature: '0x' });
    turn.closed('a', '1');
    await nextTurn();
    expect(outlets.events).toEqual([
      { at: T0 + 20, venue: 'a', connection: '1', open: true },
      { at: T0 + 20, venue: 'a', connection: '1', frameBase64: 'AQL/' },
      { at: T0 + 20, chain: 'ethereum', reader: 'chainlink:BTC', read: { value: '100', updatedAt: T0 } },
      { at: T0 + 20, operator: { halt: 'BTC', by: '0x', why: 'drill', issuedAt: T0, signature: '0x' } },
      { at: T0 + 20, venue: 'a', connection: '1', open: false },
    ]);
    expect(outlets.entries[1]!.operator).toHaveLength(1);
  });

  it('returns what the dialect made of a frame, so that the session can answer', () => {
    const { clock, turn } = service();
    turn.start();
    clock.jump(20);
    expect(turn.received('a', '1', '{"instrument":')).toMatchObject([{ kind: 'rejected', reason: 'notJson' }]);
  });

  it('hears nothing before it starts and nothing after it has stopped', async () => {
    const { clock, outlets, turn } = service();
    speak(turn, 100);
    turn.start();
    turn.stop();
    speak(turn, 100);
    await clock.advance(5_000);
    expect(outlets.events).toEqual([]);
    expect(outlets.instants).toEqual([0]);
    expect(turn.isRunning).toBe(false);
  });

  it('ends the turn under way as it stops, and arms no timer', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    clock.jump(20);
    speak(turn, 100);
    turn.stop();
    turn.stop();
    expect(outlets.instants).toEqual([0, 20]);
    expect(clock.pending).toBe(0);
    await nextTurn();
    expect(outlets.instants).toEqual([0, 20]);
  });

  it('says as it stops how far time had come, though nothing was heard', async () => {
    const { clock, outlets, turn } = service();
    turn.start();
    await clock.advance(2_500);
    turn.stop();
    turn.stop();
    expect(outlets.stops).toEqual([outlets.entries.at(-1)!.cut.at]);
    expect(outlets.stops[0]).toBeGreaterThan(T0);
  });

  it('stops for good where the engine throws, and says so once', async () => {
    const { clock, outlets, turn, engine } = service();
    turn.start();
    const bug = new Error('a bug');
    jest.spyOn(engine, 'advance').mockImplementation(() => {
      throw bug;
    });
    clock.jump(20);
    speak(turn, 100);
    await nextTurn();
    expect(outlets.failures).toEqual([bug]);
    expect(turn.isRunning).toBe(false);
    speak(turn, 100);
    await clock.advance(5_000);
    turn.stop();
    expect(outlets.failures).toEqual([bug]);
    expect(outlets.instants).toEqual([0]);
    expect(clock.pending).toBe(0);
  });
});
