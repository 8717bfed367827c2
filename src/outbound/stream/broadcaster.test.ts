import type { Keccak } from '../../oracle/reporting/keccak';
import { verifyProof } from '../../oracle/reporting/snapshot-tree';
import { loadKeccak } from '../../platform/keccak';
import { plainRisk } from '../../../test/support/arbitrary-risk';
import { FakeTransport, type StreamMessage } from '../../../test/support/fake-transport';
import { EntryBuilder, twoSourcesEach } from '../../../test/support/ledger-entries';
import { SteeredClock } from '../../../test/support/steered-clock';
import { LatestView } from '../ledger/latest-view';
import { PublishedText } from '../ledger/published-text';
import { Broadcaster } from './broadcaster';
import { Groups } from './groups';
import { Subscriber } from './subscriber';
import { subscriptionTo, type ExtraChannel } from './subscription';

const PLAN = twoSourcesEach('BTC/USD', 'ETH/USD', 'SOL/USD');
const [BTC, ETH, SOL] = [0, 1, 2];
const LIMITS = { maxUnsentBytes: 1_000, hopelessAfterMs: 10_000 };

describe(Broadcaster.name, () => {
  let keccak: Keccak;
  let builder: EntryBuilder;
  let view: LatestView;
  let groups: Groups;
  let text: PublishedText;
  let clock: SteeredClock;
  let conflated: number;

  beforeEach(async () => {
    keccak = await loadKeccak();
    builder = new EntryBuilder(PLAN, keccak);
    view = new LatestView(PLAN, new Uint8Array(32).fill(3), keccak);
    text = new PublishedText(PLAN, view);
    groups = new Groups();
    clock = new SteeredClock();
    conflated = 0;
    const broadcaster = new Broadcaster(groups, text, 1_000);
    view.onFold((changes) => broadcaster.broadcast(changes));
  });

  const meter = { conflated: () => (conflated += 1), closed: () => undefined };
  const subscribe = (feeds: readonly number[], ...channels: readonly ExtraChannel[]) => {
    const transport = new FakeTransport();
    const subscriber = new Subscriber(transport, text, { limits: LIMITS, meter, timers: clock });
    const subscription = subscriptionTo(feeds, channels);
    groups.join(subscriber, subscription);
    subscriber.follow(subscription);
    subscriber.show();
    return { transport, subscriber, subscription };
  };
  const told = (transport: FakeTransport) =>
    transport.messages.map(({ type, sequence, reports }) => [
      type,
      sequence,
      ...(reports ?? []).map(({ feed }) => feed),
    ]);

  test('shows what is subscribed to, at the first cut if there is none yet', () => {
    const early = subscribe([ETH, BTC, BTC]);
    expect(early.transport.writes).toEqual([]);
    view.fold(builder.first(100));
    expect(told(early.transport)).toEqual([['snapshot', 1, 'BTC/USD', 'ETH/USD']]);
    expect(told(subscribe([SOL]).transport)).toEqual([['snapshot', 1, 'SOL/USD']]);
  });

  test('tells of a cut only those whom it concerns, in one write', () => {
    view.fold(builder.first(100));
    const [btc, both, figures] = [subscribe([BTC]), subscribe([BTC, ETH]), subscribe([BTC], 'figures')];
    view.fold(builder.entry(101, { prices: { 'ETH/USD': 2_000 } }));
    view.fold(builder.entry(102, { prices: { 'ETH/USD': 2_001, 'BTC/USD': 9_000 } }));
    view.fold(builder.entry(103, { figures: ['BTC/USD'] }));
    expect(told(btc.transport)).toEqual([
      ['snapshot', 1, 'BTC/USD'],
      ['update', 2, 'BTC/USD'],
    ]);
    expect(told(both.transport)).toEqual([
      ['snapshot', 1, 'BTC/USD', 'ETH/USD'],
      ['update', 2, 'ETH/USD'],
      ['update', 3, 'BTC/USD', 'ETH/USD'],
    ]);
    expect(told(figures.transport)).toEqual([
      ['snapshot', 1, 'BTC/USD'],
      ['update', 2, 'BTC/USD'],
      ['update', 3, 'BTC/USD'],
    ]);
    const [shown, priced, refreshed] = figures.transport.messages.map(({ reports }) => reports![0]!);
    expect([shown!.figures, priced!.figures, refreshed!.figures]).toEqual([
      expect.anything(),
      undefined,
      expect.objectContaining({ leaf: expect.stringMatching(/^0x02/) }),
    ]);
    expect(refreshed!.view.twap).toEqual({ '1m': '100.01', '5m': '100.01', '30m': '100.01' });
  });

  test('once a second proves all feeds of all subscribers anew', () => {
    view.fold(builder.first(100));
    const { transport } = subscribe([BTC, ETH]);
    view.fold(builder.entry(150));
    view.fold(builder.entry(200));
    view.fold(builder.entry(250));
    view.fold(builder.entry(300, { prices: { 'BTC/USD': 9_000 } }));
    expect(told(transport)).toEqual([
      ['snapshot', 1, 'BTC/USD', 'ETH/USD'],
      ['heartbeat', 2],
      ['update', 3, 'BTC/USD'],
    ]);
    const [, heartbeat, update] = transport.messages;
    expect(heartbeat?.header.cut).toBe('200');
    expect(heartbeat?.proofs?.map(({ feed }) => feed)).toEqual(['BTC/USD', 'ETH/USD']);
    expect(update?.proofs?.map(({ feed }) => feed)).toEqual(['ETH/USD']);
  });

  test('tells of risk when it is new, whole, and only to those who asked; to who comes late, at once', () => {
    view.fold(builder.first(100));
    const [prices, risk, together] = [subscribe([BTC]), subscribe([BTC, ETH], 'risk'), subscribe([BTC], 'dependence')];
    view.fold(builder.entry(101, { risk: plainRisk(101) }));
    view.fold(builder.entry(102, { prices: { 'BTC/USD': 9_000 } }));
    const late = subscribe([ETH, SOL], 'risk', 'dependence');

    const riskIn = ({ transport }: { transport: FakeTransport }) =>
      transport.messages.map(({ type, risk: said, dependence }) => [
        type,
        (said ?? []).map(({ feed, leaves, view: words }) => [feed, leaves.length, words.asOf]),
        dependence && [dependence.feeds.map(({ feed }) => feed), dependence.leaves.length, dependence.view.asOf],
      ]);
    const [btc, eth] = ['BTC/USD', 'ETH/USD'];
    const snapshot = ['snapshot', [], undefined];
    const update = ['update', [], undefined];
    expect(riskIn(prices)).toEqual([snapshot, update]);
    expect(riskIn(risk)).toEqual([
      snapshot,
      [
        'update',
        [
          [btc, 6, '101'],
          [eth, 6, '101'],
        ],
        undefined,
      ],
      update,
    ]);
    expect(riskIn(together)).toEqual([snapshot, ['update', [], [[btc, eth], 2, '101']], update]);
    expect(riskIn(late)).toEqual([['snapshot', [[eth, 6, '101']], [[btc, eth], 2, '101']]]);

    const [{ header, risk: said }] = late.transport.messages as [StreamMessage];
    expect(header.riskRoot).toBe(risk.transport.messages[1]!.header.riskRoot);
    const bytes = (hex: string): Uint8Array => Buffer.from(hex.slice(2), 'hex');
    for (const { leaf, proof } of said![0]!.leaves) {
      expect(verifyProof(bytes(leaf), proof.map(bytes), bytes(header.riskRoot), keccak)).toBe(true);
    }
  });

  test('a slow subscriber hears of risk once it has caught up', () => {
    view.fold(builder.first(100));
    const { transport } = subscribe([BTC], 'risk');
    transport.block();
    for (const cut of [201, 301, 401, 501]) view.fold(builder.entry(cut, { risk: plainRisk(cut) }));
    transport.drain();
    expect(transport.messages.at(-1)!.risk?.map(({ view: words }) => words.asOf)).toEqual(['501']);
  });

  test('gives equal subscriptions the very same buffer', () => {
    view.fold(builder.first(100));
    const transports = Array.from({ length: 200 }, () => subscribe([BTC, SOL]).transport);
    view.fold(builder.entry(101, { prices: { 'SOL/USD': 1_500 } }));
    const rests = new Set(transports.map(({ writes }) => writes.at(-1)?.[1]));
    expect(rests.size).toBe(1);
  });

  test('leaves those alone who have unsubscribed or gone', () => {
    view.fold(builder.first(100));
    const { transport, subscriber, subscription } = subscribe([BTC]);
    groups.leave(subscriber, subscription);
    view.fold(builder.entry(201, { prices: { 'BTC/USD': 9_000 } }));
    expect(transport.writes).toHaveLength(1);
    expect([...groups.all()]).toEqual([]);
  });

  describe('to a slow subscriber', () => {
    const cut = (number: number, prices: Record<string, number>) => view.fold(builder.entry(number, { prices }));

    test('tells the newest of each feed at once, when it has caught up', () => {
      view.fold(builder.first(100));
      const { transport } = subscribe([BTC, ETH, SOL]);
      transport.block();
      for (let number = 101; number < 120; number += 1) cut(number, { 'BTC/USD': number * 100, 'ETH/USD': number });
      const before = transport.messages.length;
      expect(before).toBeLessThan(5);
      expect(conflated).toBe(20 - before);
      transport.drain();
      cut(120, { 'SOL/USD': 500 });
      const [caughtUp, next] = transport.messages.slice(before);
      expect(caughtUp?.reports?.map((report) => report.view.price)).toEqual(['119.00', '1.19']);
      expect(next?.reports?.[0]?.view.price).toBe('5.00');
      expect(transport.messages.map(({ sequence }) => sequence)).toEqual(
        transport.messages.map((_, index) => index + 1),
      );
    });

    test('disconnects who does not catch up in time, and writes no more', async () => {
      view.fold(builder.first(100));
      const { transport } = subscribe([BTC]);
      transport.block();
      for (let number = 101; number < 110; number += 1) cut(number, { 'BTC/USD': number * 100 });
      const written = transport.writes.length;
      await clock.advance(9_999);
      expect(transport.closed).toEqual([]);
      await clock.advance(1);
      expect(transport.closed).toEqual([{ code: 1013, reason: 'tooSlow' }]);
      transport.drain();
      cut(110, { 'BTC/USD': 9_000 });
      expect(transport.writes).toHaveLength(written);
    });

    test('is patient with one that always catches up', async () => {
      view.fold(builder.first(100));
      const { transport } = subscribe([BTC]);
      for (let round = 1; round < 5; round += 1) {
        transport.block();
        for (let number = 1; number < 10; number += 1) cut(100 * round + number, { 'BTC/USD': 9_000 + number });
        await clock.advance(9_000);
        transport.drain();
      }
      expect([transport.closed, clock.pending]).toEqual([[], 0]);
    });
  });
});
