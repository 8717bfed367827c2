import { T0 } from '../../test/support/oracle-driver';
import { genericFrame, plainEngine } from '../../test/support/plain-engine';
import { NETWORK } from '../../test/support/quorum';
import { planOf } from '../../test/support/plans';
import { SteeredClock } from '../../test/support/steered-clock';
import { HeaderDigest } from '../oracle/reporting/header-digest';
import type { Keccak } from '../oracle/reporting/keccak';
import { LatestView } from '../outbound/ledger/latest-view';
import type { LedgerEntry } from '../outbound/ledger/ledger';
import { loadKeccak } from '../platform/keccak';
import type { RecordedEvent } from '../recording/event';
import { Sealing } from './sealing';
import { TurnService } from './turn.service';

const VENUES = ['a', 'b', 'c', 'd'];
const PLAN = {
  ...planOf({
    BTC: { policy: { warmUpMs: 0, graceMs: 0 }, sources: Object.fromEntries(VENUES.map((name) => [name, {}])) },
  }),
  network: NETWORK,
};

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

/** A signature that is asked for: the test decides when and how it ends. */
interface Asked {
  readonly message: Uint8Array;
  sign(): void;
  fail(): void;
}

function service() {
  const clock = new SteeredClock(T0);
  const engine = plainEngine(PLAN, keccak);
  const digest = new HeaderDigest(PLAN.network, keccak);
  const asked: Asked[] = [];
  const entries: LedgerEntry[] = [];
  const events: RecordedEvent[] = [];
  const outcomes: string[] = [];
  const signer = {
    isRemote: true,
    address: '0x',
    close: () => undefined,
    sign: (message: Uint8Array) =>
      new Promise<Uint8Array>((resolve, reject) => {
        asked.push({
          message,
          sign: () => resolve(new Uint8Array(65).fill(asked.length)),
          fail: () => reject(new Error('no')),
        });
      }),
  } as const;
  const sealing = new Sealing({
    signer,
    digest,
    outlets: {
      started: () => undefined,
      stopped: () => undefined,
      failed: (error) => {
        throw error;
      },
      heard: (event) => void events.push(event),
      entry: (entry) => void entries.push(entry),
    },
    outcomes: { signed: () => void outcomes.push('signed'), failed: () => void outcomes.push('failed') },
    checkpoint: () => engine.checkpoint(),
    free: () => turn.resume(),
  });
  const turn: TurnService = new TurnService(engine, clock, clock, sealing);
  const speak = (price: number): void => {
    for (const venue of VENUES) turn.received(venue, '1', genericFrame('BTC', price));
  };
  return { clock, engine, digest, asked, entries, events, outcomes, sealing, turn, speak };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
}

describe(Sealing.name, () => {
  it('hands an entry on once it is signed, and asks for the hash of its own header', async () => {
    const { turn, asked, entries, digest, outcomes } = service();
    turn.start();
    expect([asked.length, entries.length]).toEqual([1, 0]);
    asked[0]!.sign();
    await settle();
    expect(entries[0]?.signature).toEqual(new Uint8Array(65).fill(1));
    expect(asked[0]!.message).toEqual(digest.messageOf(entries[0]!.cut.header));
    expect(outcomes).toEqual(['signed']);
  });

  it('makes one cut of all that is heard while a signature is under way, at one instant that the recording has too', async () => {
    const { clock, turn, asked, entries, events, speak } = service();
    turn.start();
    clock.jump(20);
    speak(100);
    await settle();
    clock.jump(15);
    speak(101);
    await clock.advance(50);
    expect(asked).toHaveLength(1);
    asked[0]!.sign();
    await settle();
    expect(asked).toHaveLength(2);
    asked[1]!.sign();
    await settle();
    expect(entries.map(({ cut }) => cut.at - T0)).toEqual([0, 20]);
    expect(new Set(events.map(({ at }) => at - T0))).toEqual(new Set([20]));
  });

  it('goes on by its timer after a signature that nothing was heard beside', async () => {
    const { clock, turn, asked, entries } = service();
    turn.start();
    asked[0]!.sign();
    await settle();
    await clock.advance(PLAN.cuts.maxIntervalMs);
    expect(asked).toHaveLength(2);
    await clock.advance(5 * PLAN.cuts.maxIntervalMs);
    expect(asked).toHaveLength(2);
    asked[1]!.sign();
    await settle();
    expect(entries.map(({ cut }) => cut.at - T0)).toEqual([0, PLAN.cuts.maxIntervalMs]);
  });

  it('publishes nothing that was not signed, and then all of it with the next that is', async () => {
    const { clock, engine, turn, asked, entries, speak, outcomes } = service();
    const view = new LatestView(PLAN, new Uint8Array(32), keccak);
    turn.start();
    asked[0]!.sign();
    await settle();
    for (const price of [100, 101, 102]) {
      await clock.advance(20);
      speak(price);
      await settle();
      asked.at(-1)!.fail();
      await settle();
    }
    expect(entries).toHaveLength(1);
    await clock.advance(PLAN.cuts.maxIntervalMs);
    asked.at(-1)!.sign();
    await settle();
    expect(outcomes).toEqual(['signed', 'failed', 'failed', 'failed', 'signed']);
    expect(entries).toHaveLength(2);
    const [first, joined] = entries as [LedgerEntry, LedgerEntry];
    expect(joined.cut.reports.map(({ prices }) => prices?.price)).toEqual([102 * 10 ** PLAN.feeds[0]!.decimals]);
    const sources = [...joined.cut.verdicts.source];
    expect(sources).toEqual([...new Set(sources)]);
    expect(joined.checkpoint).toEqual(engine.checkpoint());
    for (const entry of [first, joined]) {
      view.fold({ ...entry, cut: { ...entry.cut, header: { ...entry.cut.header, configHash: new Uint8Array(32) } } });
    }
    expect(view.trouble(joined.cut.at)).toBeUndefined();
  });

  it('signs the last turn before it is settled', async () => {
    const { clock, turn, asked, entries, sealing, speak } = service();
    turn.start();
    clock.jump(20);
    speak(100);
    turn.stop();
    const settled = sealing.settled();
    asked[0]!.sign();
    await settle();
    asked[1]!.sign();
    await settled;
    expect(entries.map(({ cut }) => cut.at - T0)).toEqual([0, 20]);
  });
});
