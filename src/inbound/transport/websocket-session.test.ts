import fc from 'fast-check';
import { plainDialect } from '../../../test/support/plain-dialect';
import { RecordingSink } from '../../../test/support/recording-sink';
import { ScriptedSockets } from '../../../test/support/scripted-socket';
import { SteeredClock } from '../../../test/support/steered-clock';
import type { Dialect } from '../dialect';
import { HostHolds } from './host-holds';
import { type SessionEvent, WebsocketSession } from './websocket-session';

const OPENED = 'venue/1 opened';
const CLOSED = 'venue/1 closed';
const RECONNECT = [{ kind: 'control', control: 'reconnect' }] as const;

describe(WebsocketSession.name, () => {
  let clock: SteeredClock;
  let sockets: ScriptedSockets;
  let sink: RecordingSink;
  let holds: HostHolds;
  let log: SessionEvent[];
  /** What each call of random gives. */
  let drawn: number;

  beforeEach(() => {
    clock = new SteeredClock();
    sockets = new ScriptedSockets();
    sink = new RecordingSink();
    holds = new HostHolds(clock);
    log = [];
    drawn = 0.5;
  });

  const session = (dialect: Partial<Dialect> = {}, instruments: readonly string[] = ['BTC']) =>
    new WebsocketSession({
      venue: 'venue',
      connection: '1',
      dialect: { ...plainDialect, ...dialect },
      instruments,
      endpoint: plainDialect.endpoint,
      sink,
      timers: clock,
      connect: sockets.connect,
      holds,
      random: () => drawn,
      log: (event) => log.push(event),
    });
  const started = async (dialect: Partial<Dialect> = {}, instruments?: readonly string[]) => {
    const it = session(dialect, instruments);
    it.start();
    await clock.advance(0);
    return it;
  };
  /** Lets time pass until the session connects again. */
  const reconnected = async () => {
    const before = sockets.all.length;
    while (sockets.all.length === before) await clock.advance((clock.nextDueAt ?? Number.NaN) - clock.now());
  };
  const delays = () => log.flatMap((event) => (event.kind === 'connecting' ? [event.inMs] : []));
  const ends = () => log.flatMap((event) => (event.kind === 'ended' ? [event.end.kind] : []));

  describe('opening', () => {
    test('connects to the address that the dialect makes of the endpoint', async () => {
      await started({ url: (endpoint, instruments) => `${endpoint}?streams=${instruments.join('/')}` }, ['a', 'b']);
      expect(sockets.last.url).toBe('wss://stream.example/ws?streams=a/b');
    });

    test('tells the sink before it subscribes, so that no frame meets an old state', async () => {
      await started();
      let sentBefore: readonly string[] | undefined;
      sink.opened = () => (sentBefore = [...sockets.last.sent]);
      const { sent } = sockets.last.accept();
      expect([sentBefore, sent]).toEqual([[], ['subscribe BTC']]);
    });

    test('subscribes at the pace that every venue bears where the dialect names none', async () => {
      await started({}, ['a', 'b', 'c', 'd', 'e', 'f']);
      const { sent } = sockets.last.accept();
      await clock.advance(999);
      expect(sent).toEqual(['subscribe a', 'subscribe b', 'subscribe c', 'subscribe d']);
      await clock.advance(1_000);
      expect(sent).toHaveLength(6);
    });

    test('subscribes at the pace that the dialect names', async () => {
      await started({ subscribeEveryMs: 10 }, ['a', 'b', 'c']);
      const { sent } = sockets.last.accept();
      await clock.advance(20);
      expect(sent).toEqual(['subscribe a', 'subscribe b', 'subscribe c']);
    });

    test('gives up a handshake that nobody answers', async () => {
      await started();
      await clock.advance(9_999);
      expect(ends()).toEqual([]);
      await clock.advance(1);
      expect(ends()).toEqual(['handshakeTimeout']);
      expect(sockets.last.state).toBe('over');
      expect(sink.heard).toEqual([]);
    });
  });

  describe('frames', () => {
    test('reach the sink as they came, bytes as bytes', async () => {
      await started();
      sockets.last.accept();
      sockets.last.say('{"a":1}');
      sockets.last.say(Uint8Array.of(1, 2));
      expect(sink.heard).toEqual([OPENED, '{"a":1}', Uint8Array.of(1, 2)]);
    });

    test('are answered as the dialect says, at once, past the waiting subscriptions', async () => {
      await started({}, ['a', 'b']);
      sink.answer = () => [
        { kind: 'rejected', reason: 'wrongShape' },
        { kind: 'control', control: 'heartbeat', reply: '{"pong":7}' },
      ];
      sockets.last.accept().say('{"ping":7}');
      expect(sockets.last.sent).toEqual(['subscribe a', '{"pong":7}']);
    });

    test('end the connection where one is longer than the dialect permits', async () => {
      await started({ maxFrameBytes: 4 });
      sockets.last.accept().say('12345');
      expect(ends()).toEqual(['tooLarge']);
      expect(sink.heard).toEqual([OPENED, CLOSED]);
    });
  });

  describe('after an end', () => {
    test('tells the sink, connects anew and subscribes anew', async () => {
      await started();
      sockets.last.accept().leave(1001, 'going away');
      expect(sink.heard).toEqual([OPENED, CLOSED]);
      await clock.advance(250);
      expect(sockets.all).toHaveLength(2);
      sockets.last.accept();
      expect(sink.heard).toEqual([OPENED, CLOSED, OPENED]);
      expect(sockets.last.sent).toEqual(['subscribe BTC']);
    });

    test('does not tell the sink of a connection that never opened', async () => {
      await started();
      sockets.last.end({ kind: 'failed', error: 'getaddrinfo ENOTFOUND' });
      expect(sink.heard).toEqual([]);
      expect(delays()).toEqual([125]);
    });

    test('waits longer from failure to failure, up to half a minute', async () => {
      drawn = 1;
      await started();
      for (let failure = 0; failure < 9; failure++) {
        sockets.last.vanish();
        await reconnected();
      }
      expect(delays()).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    });

    test('draws the delay from the whole of that time, so that sessions do not return together', async () => {
      drawn = 0;
      await started();
      sockets.last.vanish();
      expect(delays()).toEqual([0]);
    });

    test('starts from the shortest delay again once a connection has lived ten seconds', async () => {
      drawn = 1;
      await started();
      for (let failure = 0; failure < 3; failure++) {
        sockets.last.vanish();
        await reconnected();
      }
      sockets.last.accept();
      await clock.advance(9_999);
      sockets.last.vanish();
      await reconnected();
      sockets.last.accept();
      await clock.advance(10_000);
      sockets.last.vanish();
      expect(delays()).toEqual([250, 500, 1_000, 2_000, 250]);
    });
  });

  describe('a host that turns the address away', () => {
    test.each([403, 418, 429, 451])('is left alone for a minute and more after %d', async (status) => {
      await started();
      sockets.last.refuse(status);
      await clock.advance(60_000);
      expect(sockets.all).toHaveLength(1);
      await clock.advance(16_000);
      expect(sockets.all).toHaveLength(2);
    });

    test('is left alone by a session that was not refused itself', async () => {
      holds.refused('stream.example', 429, 120_000);
      await started();
      await clock.advance(120_000);
      expect(sockets.all).toHaveLength(0);
      await clock.advance(15_000);
      expect(sockets.all).toHaveLength(1);
    });
  });

  describe('keepalive', () => {
    test('is sent as often as the dialect says, for as long as the connection lives', async () => {
      await started({ keepalive: { everyMs: 20_000, frame: 'ping' } }, []);
      const socket = sockets.last.accept();
      await clock.advance(41_000);
      expect(socket.sent).toEqual(['ping', 'ping']);
      socket.vanish();
      await clock.advance(20_000);
      expect(socket.sent).toHaveLength(2);
    });
  });

  describe('silence', () => {
    test('of the whole time that the dialect allows ends the connection', async () => {
      await started({ silenceMs: 8_000 });
      const socket = sockets.last.accept();
      await clock.advance(7_999);
      expect(ends()).toEqual([]);
      await clock.advance(1);
      expect([ends(), socket.state, sink.heard]).toEqual([['silent'], 'over', [OPENED, CLOSED]]);
    });

    test.each([
      ['text', () => sockets.last.say('x')],
      ['bytes', () => sockets.last.say(Uint8Array.of(1))],
      ['a ping', () => sockets.last.ping()],
    ])('is broken by %s', async (_, speak) => {
      await started({ silenceMs: 8_000 });
      sockets.last.accept();
      for (let round = 0; round < 5; round++) {
        await clock.advance(6_000);
        speak();
      }
      expect(ends()).toEqual([]);
      await clock.advance(10_000);
      expect(ends()).toEqual(['silent']);
    });

    test('is not seen in the stillness of our own process', async () => {
      await started({ silenceMs: 8_000 });
      sockets.last.accept();
      clock.jump(600_000);
      await clock.advance(0);
      expect(ends()).toEqual([]);
    });
  });

  describe('a planned replacement', () => {
    test('comes before the time at which the exchange ends connections, at a moment of its own', async () => {
      drawn = 0.999;
      await started({ rotateAfterMs: 100_000, silenceMs: 1_000_000 });
      sockets.last.accept();
      await clock.advance(90_000);
      expect(log).not.toContainEqual({ kind: 'replacing', why: 'rotation' });
      await clock.advance(10_000);
      expect(log).toContainEqual({ kind: 'replacing', why: 'rotation' });
      expect(sockets.all).toHaveLength(2);
    });

    test('opens the new connection first, and the sink hears only that', async () => {
      await started();
      const old = sockets.last.accept();
      sink.answer = (frame) => (frame === 'serverShutdown' ? RECONNECT : []);
      old.say('serverShutdown');
      await clock.advance(250);
      const replacement = sockets.last;
      old.say('still heard');
      expect([old.state, replacement.state]).toEqual(['open', 'connecting']);
      replacement.accept();
      old.say('no longer heard');
      replacement.say('new');
      expect(old.state).toBe('over');
      expect(sink.heard).toEqual([OPENED, 'serverShutdown', 'still heard', OPENED, 'new']);
    });

    test('is one replacement, however often the venue asks', async () => {
      await started();
      sink.answer = () => RECONNECT;
      const old = sockets.last.accept();
      for (let word = 0; word < 5; word++) old.say('serverShutdown');
      await clock.advance(1_000);
      old.say('serverShutdown');
      await clock.advance(1_000);
      expect(sockets.all).toHaveLength(2);
    });

    test('slows down where each new connection is at once told to reconnect', async () => {
      drawn = 1;
      await started();
      sink.answer = () => RECONNECT;
      for (let round = 0; round < 4; round++) {
        sockets.last.accept().say('serverShutdown');
        await clock.advance(2_000);
      }
      expect(delays()).toEqual([250, 500, 1_000, 2_000]);
    });

    test('keeps the old connection while the new one fails', async () => {
      await started();
      const old = sockets.last.accept();
      sink.answer = (frame) => (frame === 'serverShutdown' ? RECONNECT : []);
      old.say('serverShutdown');
      await clock.advance(250);
      sockets.last.vanish();
      old.say('price');
      expect([old.state, sink.heard]).toEqual(['open', [OPENED, 'serverShutdown', 'price']]);
      await clock.advance(500);
      expect(sockets.all).toHaveLength(3);
    });

    test('goes on where the old connection ends meanwhile, and the sink hears of the gap', async () => {
      await started();
      const old = sockets.last.accept();
      sink.answer = () => RECONNECT;
      old.say('serverShutdown');
      await clock.advance(250);
      old.leave(1001, '');
      await clock.advance(9_000);
      expect(sockets.all).toHaveLength(2);
      sockets.last.accept();
      expect(sink.heard).toEqual([OPENED, 'serverShutdown', CLOSED, OPENED]);
    });
  });

  describe('stop', () => {
    test.each([
      ['while it waits to connect', () => undefined, []],
      ['while it connects', () => clock.advance(0), []],
      ['while it is open', () => clock.advance(0).then(() => sockets.last.accept()), [OPENED, CLOSED]],
    ])('ends everything %s', async (_, reach, heard) => {
      const it = session({ keepalive: { everyMs: 1_000, frame: 'ping' }, rotateAfterMs: 100_000 }, ['a', 'b']);
      it.start();
      await reach();
      it.stop();
      expect(sockets.all.map(({ state }) => state)).not.toContain('open');
      expect([clock.pending, sink.heard]).toEqual([0, heard]);
    });

    test('holds where the sink itself stops the session, whatever the frame then asks', async () => {
      const it = await started();
      sink.answer = () => {
        it.stop();
        return RECONNECT;
      };
      sockets.last.accept().say('serverShutdown');
      await clock.advance(1_000);
      expect([sockets.all.length, clock.pending]).toEqual([1, 0]);
    });

    test('ends a replacement on its way too', async () => {
      const it = await started();
      sink.answer = () => RECONNECT;
      sockets.last.accept().say('serverShutdown');
      await clock.advance(250);
      it.stop();
      expect(sockets.all.map(({ state }) => state)).toEqual(['over', 'over']);
      expect(clock.pending).toBe(0);
    });
  });

  test('whatever a venue does: the sink hears frames only while open, and one connection is open at a time', async () => {
    const deed = fc.constantFrom('accept', 'say', 'ask', 'vanish', 'refuse', 'oversize', 'wait', 'waitLong');
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 40 }), async (deeds) => {
        [clock, sockets, sink] = [new SteeredClock(), new ScriptedSockets(), new RecordingSink()];
        holds = new HostHolds(clock);
        sink.answer = (frame) => (frame === 'ask' ? RECONNECT : []);
        const it = await started({ silenceMs: 20_000, rotateAfterMs: 50_000 });
        for (const what of deeds) {
          const open = sockets.all.find(({ state }) => state === 'open');
          const connecting = sockets.all.find(({ state }) => state === 'connecting');
          if (what === 'accept') connecting?.accept();
          else if (what === 'refuse') connecting?.refuse(429);
          else if (what === 'vanish') (connecting ?? open)?.vanish();
          else if (what === 'oversize') open?.say('x'.repeat(2_000));
          else if (what === 'say' || what === 'ask') open?.say(what);
          else await clock.advance(what === 'wait' ? 300 : 30_000);
          expect(sockets.all.filter(({ state }) => state === 'open').length).toBeLessThanOrEqual(1);
          expect(sockets.all.filter(({ state }) => state === 'connecting').length).toBeLessThanOrEqual(1);
        }
        it.stop();
        let isOpen = false;
        for (const heard of sink.heard) {
          if (heard === OPENED) isOpen = true;
          else {
            expect(isOpen).toBe(true);
            if (heard === CLOSED) isOpen = false;
          }
        }
        expect([isOpen, clock.pending]).toEqual([false, 0]);
      }),
    );
  });
});
