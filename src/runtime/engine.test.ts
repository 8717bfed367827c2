import { T0 } from '../../test/support/oracle-driver';
import { genericFrame, plainEngine } from '../../test/support/plain-engine';
import { planOf } from '../../test/support/plans';
import type { OracleState } from '../oracle/oracle';
import type { Keccak } from '../oracle/reporting/keccak';
import type { LedgerEntry } from '../outbound/ledger/ledger';
import { loadKeccak } from '../platform/keccak';
import type { OperatorInstruction } from '../recording/event';
import type { Engine } from './engine';
import { stateFromJson } from './state-json';

const PLAN = planOf({ BTC: { policy: { warmUpMs: 0, graceMs: 0 }, sources: { a: {}, b: {}, c: {}, d: {} } } });
const VENUES = ['a', 'b', 'c', 'd'];
const HALT: OperatorInstruction = { halt: 'BTC', by: '0x', why: 'drill', issuedAt: T0, signature: '0x' };

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

function speak(engine: Engine, at: number, price: number): void {
  for (const venue of VENUES) engine.hear({ at, venue, connection: '1', frame: genericFrame('BTC', price) });
}

/** From T0, every half second, to and without another second. */
function run(engine: Engine, from: number, to: number): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (let second = from; second < to; second += 0.5) {
    const at = T0 + second * 1_000;
    speak(engine, at, 100 + (second % 7));
    entries.push(...engine.advance(at));
  }
  return entries;
}

/** What a restart does: from the newest checkpoint, through the entries that followed. */
function restart(entries: readonly LedgerEntry[]): Engine {
  const start = entries.findLastIndex(({ checkpoint }) => checkpoint !== undefined);
  const { oracle } = stateFromJson(JSON.parse(JSON.stringify(entries[start]!.checkpoint))) as { oracle: OracleState };
  const engine = plainEngine(PLAN, keccak, oracle);
  for (const entry of entries.slice(start + 1)) engine.absorb(entry);
  return engine;
}

describe('Engine', () => {
  it('writes a checkpoint with the first cut of each minute, and with the first after a start', () => {
    const engine = plainEngine(PLAN, keccak);
    const entries = run(engine, 7, 130);
    const again = run(restart(entries), 131, 140);
    const checkpoints = [...entries, ...again].filter(({ checkpoint }) => checkpoint !== undefined);
    expect(checkpoints.map(({ cut }) => (cut.at - T0) / 1_000)).toEqual([7, 60, 120, 131]);
  });

  it('continues from checkpoint and entries exactly as it stood', () => {
    const engine = plainEngine(PLAN, keccak);
    const entries = run(engine, 7, 75);
    expect(restart(entries).state()).toEqual(engine.state());
  });

  it('continues exactly after a second restart within the same minute: the gap before it stays a gap', () => {
    const first = run(plainEngine(PLAN, keccak), 7, 65);
    const second = restart(first);
    const entries = [...first, ...run(second, 80, 85)];
    expect(restart(entries).state()).toEqual(second.state());
  });

  it('stamps no event with the instant of a cut, or before another event', () => {
    const engine = plainEngine(PLAN, keccak);
    run(engine, 0, 2);
    expect(engine.stamp(T0)).toBeGreaterThan(T0 + 1_500);
    expect(engine.stamp(T0)).toBeLessThan(T0 + 1_501);
    engine.hear({ at: T0 + 1_700, venue: 'a', connection: '1', open: true });
    expect(engine.stamp(T0 + 1_600)).toBe(T0 + 1_700);
    expect(engine.stamp(T0 + 1_800)).toBe(T0 + 1_800);
  });

  it('stamps beyond the last cut of its past self, even where the clock was set back and nothing followed the checkpoint', () => {
    const entries = run(plainEngine(PLAN, keccak), 0, 0.5);
    const engine = restart(entries);
    const at = engine.stamp(T0 - 60_000);
    expect(at).toBeGreaterThan(T0);
    expect([...engine.advance(at)]).toEqual([]);
  });

  it('files an instruction with the cut at which it took effect', () => {
    const engine = plainEngine(PLAN, keccak);
    run(engine, 0, 2);
    engine.hear({ at: T0 + 2_000, operator: HALT });
    const [entry] = [...engine.advance(T0 + 2_000)];
    expect(entry).toMatchObject({ operator: [HALT], cut: { reports: [{ status: 'halted' }] } });
    expect([...engine.advance(T0 + 3_000)]).toMatchObject([{ operator: [] }]);
  });

  it('files it there also where the timer was late and other input came first', () => {
    const engine = plainEngine(PLAN, keccak);
    run(engine, 0, 2);
    expect([...engine.advance(T0 + 2_000)]).toHaveLength(1);
    engine.hear({ at: T0 + 2_004, operator: HALT });
    expect([...engine.advance(T0 + 2_004)]).toEqual([]);
    speak(engine, T0 + 2_015, 100);
    const entries = [...engine.advance(T0 + 2_015)];
    expect(entries).toMatchObject([{ operator: [HALT], cut: { at: T0 + 2_010, halts: [0] } }]);
  });
});
