import { describeSocketContract } from '../../../test/contract/socket-contract';
import { Arrivals } from '../../../test/support/arrivals';
import { MisbehavingVenue } from '../../../test/support/misbehaving-venue';
import type { SocketEnd } from './socket';
import { connectWs } from './ws-socket';

let venue: MisbehavingVenue;

beforeEach(async () => {
  venue = await MisbehavingVenue.start();
});

afterEach(() => venue.stop());

describeSocketContract(connectWs.name, () => ({
  url: venue.url,
  connect: connectWs,
  accept: () => venue.accept(),
  async refuse(status, retryAfterSeconds) {
    const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
    (await venue.handshake()).refuse(status, headers);
  },
}));

describe(connectWs.name, () => {
  const connect = (url: string) => {
    const ends = new Arrivals<SocketEnd>();
    const ignore = () => undefined;
    const socket = connectWs(
      url,
      { maxFrameBytes: 1_000 },
      {
        opened: ignore,
        received: ignore,
        pulsed: ignore,
        ended: (end) => {
          ends.push(end);
        },
      },
    );
    return { ends, socket };
  };

  test.each([
    ['an address that is none', 'not an address', /Invalid URL/],
    ['a scheme that is not websocket', 'ftp://127.0.0.1/', /protocol must be/],
    ['a port where nobody listens', 'ws://127.0.0.1:9/', /ECONNREFUSED/],
  ])('reports %s like any failure', async (_, url, error) => {
    const { ends } = connect(url);
    expect(await ends.next()).toEqual({ kind: 'failed', error: expect.stringMatching(error) as string });
  });

  test('can be closed before the failure of an address that is none is reported', async () => {
    const { ends, socket } = connect('not an address');
    socket.close();
    await new Promise((resolve) => setImmediate(resolve));
    ends.push({ kind: 'tooLarge' });
    expect(await ends.next()).toEqual({ kind: 'tooLarge' });
  });

  test('reports a handshake answered with something that is not HTTP', async () => {
    const { ends } = connect(venue.url);
    (await venue.handshake()).babble();
    expect(await ends.next()).toMatchObject({
      kind: 'failed',
      error: expect.stringContaining('Parse Error') as string,
    });
  });

  test.each([
    ['a reserved opcode', [0x83, 0x00], /invalid opcode 3/],
    ['text that is not UTF-8', [0x81, 0x02, 0xc3, 0x28], /invalid UTF-8/],
    ['reserved bits', [0xf1, 0x00], /RSV/],
  ])('ends at %s in a frame', async (_, bytes, error) => {
    const { ends } = connect(venue.url);
    (await venue.accept()).babble(Uint8Array.from(bytes));
    expect(await ends.next()).toEqual({ kind: 'failed', error: expect.stringMatching(error) as string });
  });

  test('ends at the announced length of a huge message, before any of it has come', async () => {
    const { ends } = connect(venue.url);
    (await venue.accept()).babble(Uint8Array.of(0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0));
    expect(await ends.next()).toEqual({ kind: 'tooLarge' });
  });

  test('offers no compression and names no origin, which some venues limit', async () => {
    connect(venue.url);
    const { headers } = await venue.handshake();
    expect(headers).not.toHaveProperty('sec-websocket-extensions');
    expect(headers).not.toHaveProperty('origin');
  });
});
