import WebSocket from 'ws';
import { FEEDS, QuorumHouse, type Resident } from '../support/quorum-house';

interface Report {
  readonly feed: string;
  readonly view: { readonly sequence: string; readonly status: string; readonly price?: string };
}

interface Message {
  readonly type: string;
  readonly header?: { readonly cut: string };
  readonly reports?: readonly Report[];
}

const CUT_EVERY_MS = 250;
const ALL_PRICES: Readonly<Record<string, number>> = { ...FEEDS, 'SOL/USD': 150 };

/** Follows the stream of a process, again when it was closed, until a message has reports of all feeds as wanted. */
function until(
  resident: Resident,
  feeds: readonly string[],
  isWanted: (reports: readonly Report[], cut: number) => boolean,
): Promise<{ readonly cut: number; readonly reports: readonly Report[] }> {
  return new Promise((resolve) => {
    const dial = (): void => {
      const known = new Map<string, Report>();
      const socket = new WebSocket(`${resident.url.replace('http', 'ws')}/v1/stream`);
      const redial = setTimeout.bind(undefined, dial, 100);
      socket.on('error', () => undefined);
      socket.on('close', redial);
      socket.on('open', () => socket.send(JSON.stringify({ id: 1, op: 'subscribe', feeds })));
      socket.on('message', (data: Buffer) => {
        const { header, reports = [] } = JSON.parse(data.toString()) as Message;
        for (const report of reports) known.set(report.feed, report);
        const all = feeds.flatMap((feed) => known.get(feed) ?? []);
        const cut = Number(header?.cut ?? 0);
        if (header === undefined || all.length < feeds.length || !isWanted(all, cut)) return;
        socket.off('close', redial);
        socket.terminate();
        resolve({ cut, reports: all });
      });
    };
    dial();
  });
}

describe('a quorum that is told of another configuration', () => {
  let house: QuorumHouse;
  beforeAll(async () => {
    house = await QuorumHouse.build({ signers: 3, threshold: 2, cutEveryMs: CUT_EVERY_MS });
    await house.start();
  }, 60_000);
  afterAll(() => house.end());

  it('goes over to it at its instant with all that was certified, one more feed, and no cut told twice', async () => {
    const [first, , , standby] = house.residents as [Resident, Resident, Resident, Resident];
    const isOk = (reports: readonly Report[]): boolean => reports.every(({ view }) => view.status === 'ok');
    const before = await until(standby, Object.keys(FEEDS), isOk);
    const from = Math.ceil((Date.now() + 10_000) / CUT_EVERY_MS) * CUT_EVERY_MS;
    house.announce(from);
    await Promise.all(house.residents.map((resident) => resident.kill().then(() => resident.start())));
    for (const resident of [first, standby]) {
      const after = await until(resident, Object.keys(ALL_PRICES), isOk);
      expect(after.cut).toBeGreaterThanOrEqual(from / 10);
      for (const { feed, view } of before.reports) {
        const now = after.reports.find((report) => report.feed === feed)!;
        expect(Number(now.view.sequence)).toBeGreaterThan(Number(view.sequence));
      }
      for (const { feed, view } of after.reports) {
        expect(Number(view.price) / ALL_PRICES[feed]!).toBeCloseTo(1, 3);
      }
    }
    const gaps = house.residents.flatMap(({ lines }) => lines.flatMap(({ gap }) => gap ?? []));
    for (const { reason } of gaps) expect(reason).toMatch(/notWatching|tooFew|publisherSilent/);
  }, 90_000);
});
