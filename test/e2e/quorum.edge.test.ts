import WebSocket from 'ws';
import { QuorumHouse, type Resident } from '../support/quorum-house';

interface Message {
  readonly type: string;
  readonly header?: { readonly cut: string; readonly validUntil: string };
  readonly signature?: string;
  readonly threshold?: number;
  readonly reports?: readonly { readonly feed: string; readonly view: { readonly price?: string } }[];
}

/** Follows the stream of a process until a message is as wanted. */
function until(resident: Resident, isWanted: (message: Message) => boolean): Promise<Message> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${resident.url.replace('http', 'ws')}/v1/stream`);
    socket.on('error', reject);
    socket.on('open', () => socket.send(JSON.stringify({ id: 1, op: 'subscribe', feeds: ['BTC/USD', 'ETH/USD'] })));
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as Message;
      if (!isWanted(message)) return;
      socket.terminate();
      resolve(message);
    });
  });
}

const cutOf = (message: Message): number => Number(message.header?.cut ?? 0);
const ethOf = (message: Message): number | undefined => {
  const price = message.reports?.find(({ feed }) => feed === 'ETH/USD')?.view.price;
  return price === undefined ? undefined : Number(price);
};

describe('three signers, two of which sign', () => {
  let house: QuorumHouse;
  beforeAll(async () => {
    house = await QuorumHouse.build({ signers: 3, threshold: 2, cutEveryMs: 250 });
    await house.start();
  }, 60_000);
  afterAll(() => house.end());

  it('publish one truth, which a standby serves too; go on without one of them; and, restarted, tell it what it missed', async () => {
    const [first, second, third, standby] = house.residents as [Resident, Resident, Resident, Resident];
    const priced = await until(standby, (message) => ethOf(message) !== undefined);
    expect(priced.signature).toHaveLength(2 + 2 * 65 * 2);
    expect(Math.abs(ethOf(priced)! - 2_000)).toBeLessThan(2);
    expect((await until(standby, ({ type }) => type === 'welcome')).threshold).toBe(2);

    await third.kill();
    const without = await until(first, (message) => cutOf(message) > cutOf(priced) + 200);
    await Promise.all([first.kill(), second.kill()]);
    house.turnLiar(third);
    await Promise.all([first, second, third].map((signer) => signer.start()));
    const withLiar = await until(
      third,
      (message) => cutOf(message) > cutOf(without) + 200 && ethOf(message) !== undefined,
    );
    expect(Math.abs(ethOf(withLiar)! - 2_000)).toBeLessThan(2);
  }, 120_000);
});
