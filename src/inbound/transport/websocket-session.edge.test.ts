import { Arrivals } from '../../../test/support/arrivals';
import { MisbehavingVenue } from '../../../test/support/misbehaving-venue';
import { plainDialect } from '../../../test/support/plain-dialect';
import { RecordingSink } from '../../../test/support/recording-sink';
import { SteeredClock } from '../../../test/support/steered-clock';
import { HostHolds } from './host-holds';
import { type SessionEvent, WebsocketSession } from './websocket-session';
import { connectWs } from './ws-socket';

const OPENED = 'venue/1 opened';
const CLOSED = 'venue/1 closed';

describe(`${WebsocketSession.name} against a venue that misbehaves`, () => {
  let clock: SteeredClock;
  let venue: MisbehavingVenue;
  let sink: RecordingSink;
  let log: Arrivals<SessionEvent>;
  let session: WebsocketSession;

  beforeEach(async () => {
    clock = new SteeredClock();
    venue = await MisbehavingVenue.start();
    sink = new RecordingSink();
    log = new Arrivals();
    session = sessionOf(venue, sink);
    session.start();
    await clock.advance(0);
  });

  afterEach(async () => {
    session.stop();
    await venue.stop();
  });

  const sessionOf = (at: MisbehavingVenue, into: RecordingSink) =>
    new WebsocketSession({
      venue: 'venue',
      connection: '1',
      dialect: { ...plainDialect, silenceMs: 8_000, keepalive: { everyMs: 3_000, frame: 'ping' } },
      instruments: ['BTC'],
      endpoint: at.url,
      sink: into,
      timers: clock,
      connect: connectWs,
      holds: new HostHolds(clock),
      random: () => 0.5,
      log: (event) => {
        log.push(event);
      },
    });
  const ended = async () => {
    const event = await log.until(({ kind }) => kind === 'ended');
    return event.kind === 'ended' ? event.end : undefined;
  };
  /** The session connects anew, and subscribes anew. */
  const comesBack = async () => {
    await log.until(({ kind }) => kind === 'connecting');
    await clock.advance(250);
    const connection = await venue.accept();
    expect(await connection.heard()).toBe('subscribe BTC');
    return connection;
  };

  test('one that falls silent is left and found anew', async () => {
    const connection = await venue.accept();
    expect(await sink.next()).toBe(OPENED);
    await clock.advance(8_000);
    expect(await ended()).toEqual({ kind: 'silent' });
    expect(await sink.next()).toBe(CLOSED);
    await connection.gone;
    await comesBack();
  });

  test('one that answers nothing and reads nothing any more, half-open, is left too', async () => {
    const connection = await venue.accept();
    connection.say('{"a":1}');
    expect([await sink.next(), await sink.next()]).toEqual([OPENED, '{"a":1}']);
    connection.freeze();
    await clock.advance(16_000);
    expect(await ended()).toEqual({ kind: 'silent' });
    await comesBack();
  });

  test('one that only pings is alive', async () => {
    const connection = await venue.accept();
    await sink.next();
    for (let round = 0; round < 4; round++) {
      await clock.advance(6_000);
      await connection.ping();
    }
    expect(sink.heard).toEqual([OPENED]);
  });

  test('one that floods loses nothing, and starves no other', async () => {
    const other = await MisbehavingVenue.start();
    const otherSink = new RecordingSink();
    const otherSession = sessionOf(other, otherSink);
    otherSession.start();
    await clock.advance(0);
    const [flooding, calm] = await Promise.all([venue.accept(), other.accept()]);
    for (let count = 0; count < 20_000; count++) flooding.say(`{"count":${count}}`);
    calm.say('calm');
    expect([await otherSink.next(), await otherSink.next()]).toEqual([OPENED, 'calm']);
    expect(await sink.next()).toBe(OPENED);
    for (let count = 0; count < 20_000; count++) expect(await sink.next()).toBe(`{"count":${count}}`);
    otherSession.stop();
    await other.stop();
  });

  test('one that breaks the websocket protocol is left and found anew', async () => {
    (await venue.accept()).babble(Uint8Array.of(0x83, 0x00));
    expect(await ended()).toMatchObject({ kind: 'failed' });
    await comesBack();
  });

  test('garbage within a frame goes to the dialect, and the connection stays', async () => {
    const connection = await venue.accept();
    connection.say('\u0000{]');
    connection.say(Uint8Array.of(1, 2, 3));
    connection.say('{"a":1}');
    const heard = [await sink.next(), await sink.next(), await sink.next(), await sink.next()];
    expect(heard).toEqual([OPENED, '\u0000{]', Buffer.of(1, 2, 3), '{"a":1}']);
  });

  test('one that sends more than the dialect permits is left before the message is whole', async () => {
    const connection = await venue.accept();
    connection.say('x'.repeat(plainDialect.maxFrameBytes + 1));
    expect(await ended()).toEqual({ kind: 'tooLarge' });
    expect(sink.heard).toEqual([OPENED, CLOSED]);
    await comesBack();
  });

  test('one that vanishes after some frames is found anew', async () => {
    const connection = await venue.accept();
    for (const frame of ['1', '2', '3']) connection.say(frame);
    for (let count = 0; count < 4; count++) await sink.next();
    connection.vanish();
    expect(await ended()).toEqual({ kind: 'closed', code: 1006, reason: '' });
    expect(sink.heard).toEqual([OPENED, '1', '2', '3', CLOSED]);
    await comesBack();
  });

  test('one that refuses for the rate is left alone for a minute and more', async () => {
    (await venue.handshake()).refuse(429, { 'Retry-After': '90' });
    expect(await ended()).toEqual({ kind: 'refused', status: 429, retryAfterMs: 90_000 });
    await clock.advance(90_000);
    await clock.advance(15_000);
    expect(await (await venue.accept()).heard()).toBe('subscribe BTC');
    expect(sink.heard).toEqual([OPENED]);
  });

  test('one that never answers the handshake is given up', async () => {
    await venue.handshake();
    await clock.advance(10_000);
    expect(await ended()).toEqual({ kind: 'handshakeTimeout' });
    await comesBack();
  });
});
