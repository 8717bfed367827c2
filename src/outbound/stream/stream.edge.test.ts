import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import type { StreamMessage } from '../../../test/support/fake-transport';
import { twoSourcesEach } from '../../../test/support/ledger-entries';
import { startOutbound } from '../../../test/support/outbound-app';
import { SteeredClock } from '../../../test/support/steered-clock';
import { StreamClient } from '../../../test/support/stream-client';
import type { OraclePlan } from '../../oracle/plan';
import { verifyProof } from '../../oracle/reporting/snapshot-tree';
import { loadKeccak } from '../../platform/keccak';
import { StreamModule } from './stream.module';
import { StreamService } from './stream.service';

const PLAN = {
  ...twoSourcesEach('BTC/USD', 'ETH/USD', 'SOL/USD'),
  groups: [{ name: 'majors', feeds: [1, 0] }],
};

describe(StreamModule.name, () => {
  let house: Awaited<ReturnType<typeof startOutbound>>;
  let clock: SteeredClock;
  let clients: StreamClient[];

  const start = async (limits = {}, plan: OraclePlan = PLAN) => {
    clock = new SteeredClock();
    house = await startOutbound(plan, StreamModule.forRoot({ limits, clock, timers: clock }));
    clients = [];
  };
  const client = async () => {
    const connected = await StreamClient.connect(`ws://127.0.0.1:${house.port}/v1/stream`);
    clients.push(connected);
    return connected;
  };
  const subscriber = async (feeds: unknown = ['BTC/USD']) => {
    const connected = await client();
    connected.send({ id: 1, op: 'subscribe', feeds });
    await connected.next('subscribed');
    return connected;
  };
  const publish = (cut: number, price: number) =>
    house.ledger.append(house.builder.entry(cut, { prices: { 'BTC/USD': price } }));

  afterEach(async () => {
    for (const { socket } of clients) socket.terminate();
    await house.app.close();
  });

  test('welcomes with all that it takes to verify', async () => {
    await start();
    expect(JSON.parse((await (await client()).next('welcome')).text)).toEqual({
      type: 'welcome',
      network: 'test',
      domain: { name: 'Assay', version: '1', salt: `0x${'09'.repeat(32)}` },
      signers: ['0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'],
      threshold: 1,
      feeds: ['BTC/USD', 'ETH/USD', 'SOL/USD'],
      groups: ['majors'],
      heartbeatMs: 1_000,
    });
  });

  test('confirms, shows a snapshot, then updates, each provable and in sequence', async () => {
    await start();
    const keccak = await loadKeccak();
    await house.ledger.append(house.builder.first(100));
    const reader = await subscriber();
    const messages = [await reader.next<StreamMessage>('snapshot')];
    for (let cut = 101; cut < 140; cut += 1) await publish(cut, 10_000 + cut);
    while (messages.length < 40) messages.push(await reader.next<StreamMessage>('update'));
    expect(messages.map(({ sequence }) => sequence)).toEqual(messages.map((_, index) => index + 1));
    const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
    for (const { header, reports } of messages) {
      const { leaf, proof } = reports![0]!.price;
      expect(verifyProof(bytes(leaf), proof.map(bytes), bytes(header.root), keccak)).toBe(true);
    }
    expect(messages.at(-1)?.reports?.[0]?.view).toMatchObject({ price: '101.39', status: 'ok', sequence: 40 });
  });

  test('follows several subscriptions of one connection as one, and forgets what is unsubscribed', async () => {
    await start();
    await house.ledger.append(house.builder.first(100));
    const reader = await subscriber(['ETH/USD']);
    reader.send({ id: 2, op: 'subscribe', feeds: ['BTC/USD'], channels: ['price', 'figures'] });
    expect(await reader.next('subscribed')).toMatchObject({ id: 2, feeds: ['BTC/USD', 'ETH/USD'] });
    const snapshot = await reader.next<StreamMessage>('snapshot');
    expect(snapshot.reports?.map(({ feed, figures }) => [feed, figures !== undefined])).toEqual([
      ['BTC/USD', true],
      ['ETH/USD', true],
    ]);
    reader.send({ id: 3, op: 'unsubscribe', feeds: '*' });
    expect(await reader.next('unsubscribed')).toMatchObject({ id: 3, feeds: [] });
    await publish(101, 9_000);
    reader.send({ id: 4, op: 'ping' });
    expect((await reader.next('pong')).text).toBe('{"type":"pong","id":4}');
  });

  test('tells a group packed for contracts whenever one of its feeds changed, and once a second', async () => {
    await start();
    await house.ledger.append(house.builder.first(100));
    const reader = await client();
    reader.send({ id: 1, op: 'subscribe', groups: ['majors'] });
    expect(await reader.next('subscribed')).toMatchObject({ feeds: [], groups: ['majors'] });
    const cuts = [await reader.next<StreamMessage>('snapshot')];
    await house.ledger.append(house.builder.entry(101, { prices: { 'SOL/USD': 5_000 }, figures: ['BTC/USD'] }));
    await publish(102, 9_000);
    await house.ledger.append(house.builder.entry(250, { prices: { 'SOL/USD': 5_100 } }));
    while (cuts.length < 3) cuts.push(await reader.next<StreamMessage>('update'));
    expect(cuts.map(({ header, sequence, reports }) => [header.cut, sequence, reports?.length ?? 0])).toEqual([
      ['100', 1, 0],
      ['102', 2, 0],
      ['250', 3, 0],
    ]);
    const keccak = await loadKeccak();
    const bytes = (hex: string) => Buffer.from(hex.slice(2), 'hex');
    for (const { header, groups } of cuts) {
      const { leaf, proof, message } = groups![0]!;
      expect(verifyProof(bytes(leaf), proof.map(bytes), bytes(header.packedRoot), keccak)).toBe(true);
      expect(message.endsWith(leaf.slice(2 + 2 * 33))).toBe(true);
    }
    reader.send({ id: 2, op: 'unsubscribe', groups: ['majors'] });
    expect(await reader.next('unsubscribed')).toEqual(expect.not.objectContaining({ groups: expect.anything() }));
  });

  test('gives 200 subscribers identical bytes', async () => {
    await start();
    await house.ledger.append(house.builder.first(100));
    const readers = await Promise.all(Array.from({ length: 200 }, () => subscriber('*')));
    await publish(101, 9_000);
    const texts = await Promise.all(readers.map(async (reader) => (await reader.next('update')).text));
    expect(new Set(texts).size).toBe(1);
  });

  describe('bad input', () => {
    test.each([
      ['an unknown feed', { id: 7, op: 'subscribe', feeds: ['BTC/USD', 'DOGE/USD'] }, 'unknownFeed'],
      ['an unknown group', { id: 7, op: 'subscribe', feeds: ['BTC/USD'], groups: ['minors'] }, 'unknownGroup'],
      ['malformed JSON', '{"id":7', 'malformed'],
      ['a binary message', Buffer.from([1, 2, 3]), 'malformed'],
      ['an unknown operation', { id: 7, op: 'buy' }, 'unknownOperation'],
      ['too many feeds', { id: 7, op: 'subscribe', feeds: Array(1_001).fill('BTC/USD') }, 'tooMany'],
    ])('answers %s with a stable code, and goes on', async (_, request, code) => {
      await start();
      await house.ledger.append(house.builder.first(100));
      const [bad, other] = [await client(), await subscriber()];
      bad.send(request);
      expect(await bad.next('error')).toMatchObject({ code });
      bad.send({ id: 8, op: 'subscribe', feeds: ['BTC/USD'] });
      expect(await bad.next('subscribed')).toMatchObject({ id: 8, feeds: ['BTC/USD'] });
      await publish(101, 9_000);
      for (const reader of [bad, other]) {
        expect((await reader.next<StreamMessage>('update')).reports?.[0]?.view.price).toBe('90.00');
      }
    });

    test('answers a message of 10 MB with an error before it closes, and leaves others untouched', async () => {
      await start();
      await house.ledger.append(house.builder.first(100));
      const [bad, other] = [await client(), await subscriber()];
      bad.send('x'.repeat(10 * 1024 * 1024));
      expect(await bad.next('error')).toMatchObject({ code: 'tooLarge' });
      expect((await bad.close()).code).toBe(1009);
      await publish(101, 9_000);
      expect((await other.next<StreamMessage>('update')).reports?.[0]?.view.price).toBe('90.00');
    });

    test('disconnects a client that goes on being wrong', async () => {
      await start({ maxErrors: 3 });
      const bad = await client();
      for (let sent = 0; sent < 3; sent += 1) bad.send('{');
      expect(await bad.close()).toEqual({ code: 1008, reason: 'tooManyErrors' });
    });

    test('refuses requests beyond the rate, until a second has passed', async () => {
      await start({ maxRequestsPerSecond: 2 });
      const eager = await client();
      for (const id of [1, 2, 3]) eager.send({ id, op: 'ping' });
      expect(await eager.next('error')).toMatchObject({ code: 'tooMany' });
      await clock.advance(1_000);
      eager.send({ id: 4, op: 'ping' });
      expect(await eager.next('pong')).toMatchObject({ id: 4 });
    });

    test('refuses another path with 404 and one subscriber too many with 503', async () => {
      await start({ maxSubscribers: 1 });
      await client();
      for (const [path, status] of [
        ['/v1/other', 404],
        ['/v1/stream', 503],
      ] as const) {
        const socket = new WebSocket(`ws://127.0.0.1:${house.port}${path}`);
        const [error] = (await once(socket, 'error')) as [Error];
        expect(error.message).toBe(`Unexpected server response: ${status}`);
      }
    });
  });

  test('conflates a subscriber that does not read, then disconnects it; others miss nothing', async () => {
    const hundred = Array.from({ length: 100 }, (_, index) => `F${index}/USD`);
    await start({ maxUnsentBytes: 64 * 1024 }, twoSourcesEach('BTC/USD', ...hundred));
    const [slow, quick] = [await subscriber('*'), await subscriber()];
    slow.socket.pause();
    // Whole snapshots, until the buffers of the operating system are full and the timer of the slow reader is armed.
    let cut = 100;
    for (; clock.pending === 1; cut += 1) {
      await house.ledger.append(house.builder.first(cut));
      await quick.next<StreamMessage>(cut === 100 ? 'snapshot' : 'update');
    }
    await clock.advance(9_999);
    expect(house.app.get(StreamService).subscribers).toBe(2);
    await clock.advance(1);
    slow.socket.resume();
    expect(await slow.close()).toEqual({ code: 1013, reason: 'tooSlow' });
    await publish(cut, 5_000);
    expect((await quick.next<StreamMessage>('update')).reports?.[0]?.view.price).toBe('50.00');
  });

  test('drops a connection that answers no ping', async () => {
    await start();
    const silent = connect(house.port, '127.0.0.1');
    silent.write(
      'GET /v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await once(silent, 'data');
    await clock.advance(15_000);
    expect(house.app.get(StreamService).subscribers).toBe(1);
    const closed = once(silent, 'close');
    await clock.advance(15_000);
    await closed;
    silent.destroy();
  });

  test('says goodbye when the service stops', async () => {
    await start();
    const reader = await subscriber();
    const stopped = house.app.close();
    await reader.next('shutdown');
    expect(await reader.close()).toEqual({ code: 1001, reason: 'shutdown' });
    await stopped;
  });
});
