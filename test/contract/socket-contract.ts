import type { Socket, SocketEnd, SocketFactory } from '../../src/inbound/transport/socket';
import { Arrivals } from '../support/arrivals';

/** What the other side of one accepted connection can do. */
export interface FarSide {
  heard(): Promise<string>;
  say(frame: string | Uint8Array): void;
  ping(): unknown;
  leave(code: number, reason: string): void;
  vanish(): void;
  /** Settles when this side is gone. */
  readonly gone: Promise<unknown>;
}

export interface SocketUnderTest {
  readonly url: string;
  readonly connect: SocketFactory;
  /** Answers the handshake that was begun. */
  accept(): Promise<FarSide>;
  refuse(status: number, retryAfterSeconds?: number): Promise<void>;
}

type Event = 'opened' | 'pulsed' | { readonly received: string | Uint8Array } | { readonly ended: SocketEnd };

const MAX_FRAME_BYTES = 1_000;

/** What the real socket, and the fake that tests script, both promise. */
export function describeSocketContract(name: string, subject: () => SocketUnderTest): void {
  describe(`${name}, by the contract of SocketFactory`, () => {
    let events: Arrivals<Event>;
    let socket: Socket;

    const connect = () => {
      events = new Arrivals();
      socket = subject().connect(
        subject().url,
        { maxFrameBytes: MAX_FRAME_BYTES },
        {
          opened: () => {
            events.push('opened');
          },
          received: (frame) => {
            events.push({ received: typeof frame === 'string' ? frame : new Uint8Array(frame) });
          },
          pulsed: () => {
            events.push('pulsed');
          },
          ended: (end) => {
            events.push({ ended: end });
          },
        },
      );
    };
    const open = async () => {
      connect();
      const far = await subject().accept();
      expect(await events.next()).toBe('opened');
      return far;
    };

    afterEach(() => {
      socket.close();
    });

    test('carries text both ways, in order and as it is', async () => {
      const far = await open();
      socket.send('first');
      socket.send('{"symbol":"BTC/€"}');
      expect([await far.heard(), await far.heard()]).toEqual(['first', '{"symbol":"BTC/€"}']);
      far.say('{"price":"1"}');
      far.say('₿');
      expect([await events.next(), await events.next()]).toEqual([{ received: '{"price":"1"}' }, { received: '₿' }]);
    });

    test('hands over as bytes what was sent as bytes', async () => {
      const far = await open();
      far.say(Uint8Array.of(0, 255, 10));
      expect(await events.next()).toEqual({ received: Uint8Array.of(0, 255, 10) });
    });

    test('tells of a ping, since that too shows life', async () => {
      const far = await open();
      await far.ping();
      expect(await events.next()).toBe('pulsed');
    });

    test('takes a message of exactly the limit', async () => {
      const far = await open();
      far.say('x'.repeat(MAX_FRAME_BYTES));
      expect(await events.next()).toEqual({ received: 'x'.repeat(MAX_FRAME_BYTES) });
    });

    test('ends at a message one byte over the limit', async () => {
      const far = await open();
      far.say('x'.repeat(MAX_FRAME_BYTES + 1));
      expect(await events.next()).toEqual({ ended: { kind: 'tooLarge' } });
    });

    test('tells with which code and reason the other side left', async () => {
      const far = await open();
      far.leave(4001, 'maintenance');
      expect(await events.next()).toEqual({ ended: { kind: 'closed', code: 4001, reason: 'maintenance' } });
    });

    test('tells 1006 where the other side vanished', async () => {
      const far = await open();
      far.vanish();
      expect(await events.next()).toEqual({ ended: { kind: 'closed', code: 1006, reason: '' } });
    });

    test('tells the status of a refused handshake and how long to stay away', async () => {
      connect();
      await subject().refuse(429, 120);
      expect(await events.next()).toEqual({ ended: { kind: 'refused', status: 429, retryAfterMs: 120_000 } });
    });

    test('leaves out a time to stay away that was not named', async () => {
      connect();
      await subject().refuse(503);
      expect(await events.next()).toEqual({ ended: { kind: 'refused', status: 503, retryAfterMs: undefined } });
    });

    test('takes a send before it is open, and after its end, for nothing', async () => {
      connect();
      socket.send('too early');
      const far = await subject().accept();
      await events.next();
      socket.send('in time');
      expect(await far.heard()).toBe('in time');
      far.vanish();
      await events.next();
      expect(() => {
        socket.send('too late');
      }).not.toThrow();
    });

    test('reports nothing once it was closed from this side, not even its end', async () => {
      const far = await open();
      socket.close();
      far.say('too late');
      await far.gone;
      events.push('pulsed');
      expect(await events.next()).toBe('pulsed');
    });

    test('may be closed while it connects, and twice', async () => {
      connect();
      socket.close();
      socket.close();
      await new Promise((resolve) => setImmediate(resolve));
      events.push('pulsed');
      expect(await events.next()).toBe('pulsed');
    });
  });
}
