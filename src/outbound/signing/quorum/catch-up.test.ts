import { setImmediate } from 'node:timers/promises';
import { certificateUpon, digestOf } from '../../../../test/support/certificates';
import { MemoryHistory } from '../../../../test/support/memory-history';
import { SteeredClock } from '../../../../test/support/steered-clock';
import { CatchUp } from './catch-up';
import type { CertificateHistory } from './certificate-history';
import type { PeerMessage } from './wire';

interface Sent {
  readonly to: string;
  readonly message: PeerMessage;
}

/** A node at cut 1,000, certified in steps of 10. */
class Desk {
  readonly clock = new SteeredClock();
  readonly sent: Sent[] = [];
  readonly refused: string[] = [];
  readonly stranded: number[] = [];
  readonly tip = { cut: 1_000, digest: digestOf(1_000), observers: [] };
  readonly catchUp: CatchUp;

  constructor(history: CertificateHistory = hundred()) {
    this.catchUp = new CatchUp({
      chain: this,
      history,
      clock: this.clock,
      timers: this.clock,
      network: { broadcast: () => undefined, send: (to, message) => void this.sent.push({ to, message }) },
      outlets: {
        refused: (from, kind, reason) => void this.refused.push(`${from} ${kind}: ${reason}`),
        stranded: (cut) => void this.stranded.push(cut),
      },
    });
  }

  wants(from: string, cut: number, digest = digestOf(cut)): void {
    this.catchUp.asked(from, { kind: 'wants', cut, digest });
  }

  /** Who was sent what since the last call. */
  take(): string[] {
    return this.sent.splice(0).map(({ to, message }) => `${message.kind} to ${to}`);
  }
}

function hundred(): MemoryHistory {
  const history = new MemoryHistory();
  for (let cut = 10; cut <= 1_000; cut += 10) history.add(certificateUpon(cut - 10, cut));
  return history;
}

describe('CatchUp, asked', () => {
  it('answers one who asks without end once in 20 ms, and others in between', async () => {
    const desk = new Desk();
    for (let ms = 0; ms <= 200; ms += 1) {
      desk.wants('greedy', 0);
      if (ms === 50) desk.wants('modest', 500);
      await desk.clock.advance(1);
    }
    const answers = desk.take();
    expect(answers).toHaveLength(11);
    expect(answers.filter((answer) => answer === 'certificates to modest')).toHaveLength(1);
  });

  it('has one answer under way at a time, and at most one question of a peer waits', async () => {
    let underWay = 0;
    let most = 0;
    const history: CertificateHistory = {
      after: async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        await setImmediate();
        underWay -= 1;
        return [certificateUpon(0, 10)];
      },
    };
    const desk = new Desk(history);
    for (const peer of ['a', 'b', 'a', 'a', 'b', 'c']) desk.wants(peer, 0);
    await desk.clock.advance(1_000);
    // The first question of a was under way when it asked anew.
    expect(desk.take()).toEqual(['a', 'b', 'a', 'c'].map((peer) => `certificates to ${peer}`));
    expect(most).toBe(1);
  });

  it.each([
    ['its own tip', 1_000, digestOf(1_000), []],
    ['a cut that it does not know yet', 1_010, digestOf(1_010), []],
    ['another cut of the tip', 1_000, digestOf(1_001), ['unknownPast to peer']],
    ['a cut that was never certified here', 995, digestOf(995), ['unknownPast to peer']],
    ['a cut before', 500, digestOf(500), ['certificates to peer']],
  ])('about %s', async (_what, cut, digest, answers) => {
    const desk = new Desk();
    desk.wants('peer', cut, digest);
    await desk.clock.advance(0);
    expect(desk.take()).toEqual(answers);
  });

  it('outlives a ledger that cannot be read', async () => {
    let fails = true;
    const desk = new Desk({
      after: async () => {
        if (fails) throw new Error('the ledger is closed');
        return [certificateUpon(0, 10)];
      },
    });
    desk.wants('peer', 0);
    await desk.clock.advance(100);
    expect(desk.refused).toEqual(['peer wants: the ledger is closed']);
    fails = false;
    desk.wants('peer', 0);
    await desk.clock.advance(100);
    expect(desk.take()).toEqual(['certificates to peer']);
  });

  it('says nothing once it is stopped', async () => {
    const desk = new Desk();
    for (const peer of ['a', 'b']) desk.wants(peer, 0);
    desk.catchUp.stop();
    await desk.clock.advance(1_000);
    expect([desk.take(), desk.clock.pending]).toEqual([[], 0]);
  });
});

describe('CatchUp, behind', () => {
  it('waits a slot for an answer, and asks again at once where it led on', async () => {
    const desk = new Desk();
    for (const peer of ['a', 'b', 'c']) desk.catchUp.hint(peer, 2_000);
    expect(desk.take()).toEqual(['wants to a']);
    desk.catchUp.arrived('a', true);
    expect(desk.take()).toEqual(['wants to a']);
    desk.catchUp.hint('b', 2_000);
    expect(desk.take()).toEqual([]);
    await desk.clock.advance(250);
    desk.catchUp.hint('b', 2_000);
    expect(desk.take()).toEqual(['wants to b']);
  });

  it('asks nobody on who sent what was known, but heeds the next hint', () => {
    const desk = new Desk();
    desk.catchUp.hint('a', 2_000);
    desk.catchUp.arrived('a', false);
    expect(desk.take()).toEqual(['wants to a']);
    desk.catchUp.hint('b', 2_000);
    expect(desk.take()).toEqual(['wants to b']);
  });

  it('turns at once to others from one who has nothing, and to that one again after a while', async () => {
    const desk = new Desk();
    desk.catchUp.hint('a', 2_000);
    desk.catchUp.unknown('a', 2_000);
    desk.catchUp.hint('a', 2_000);
    desk.catchUp.hint('b', 2_000);
    expect(desk.take()).toEqual(['wants to a', 'wants to b']);
    expect(desk.stranded).toEqual([2_000]);
    await desk.clock.advance(9_999);
    desk.catchUp.hint('a', 2_000);
    await desk.clock.advance(1);
    desk.catchUp.hint('a', 2_000);
    expect(desk.take()).toEqual(['wants to a']);
  });

  it('is not stranded by one who is behind it', () => {
    const desk = new Desk();
    desk.catchUp.unknown('a', 900);
    expect(desk.stranded).toEqual([]);
  });
});
