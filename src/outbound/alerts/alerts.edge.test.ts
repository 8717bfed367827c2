import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { EntryBuilder, twoSourcesEach } from '../../../test/support/ledger-entries';
import { loadKeccak } from '../../platform/keccak';
import { EntriesForgotten, LEDGER, type LedgerEntry } from '../ledger/ledger';
import { MemoryLedger } from '../ledger/memory-ledger';
import type { AlertChange } from './alert';
import { AlertsModule } from './alerts.module';
import { AlertsService } from './alerts.service';
import type { AlertSink } from './sinks/alert-sink';

const CUT = 170_000_000_000;

/** Remembers what it was told, and lets a test wait for it. */
class ToldSink implements AlertSink {
  readonly name = 'told';
  readonly told: string[] = [];
  closed = false;
  private waiters: { count: number; resolve: () => void }[] = [];

  constructor(private readonly fault?: (change: AlertChange) => Promise<void>) {}

  async deliver(change: AlertChange): Promise<void> {
    this.told.push(`${change.state} ${change.id} ${change.cut - CUT}`);
    for (const { count, resolve } of this.waiters) if (this.told.length >= count) resolve();
    await this.fault?.(change);
  }

  close(): void {
    this.closed = true;
  }

  until(count: number): Promise<void> {
    if (this.told.length >= count) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ count, resolve }));
  }
}

let build: EntryBuilder;
let ledger: MemoryLedger;
let app: NestFastifyApplication | undefined;
const logged: string[] = [];
const log = { error: (_context: unknown, message: string) => logged.push(message) } as never;

beforeEach(async () => {
  build = new EntryBuilder(twoSourcesEach('BTC/USD'), await loadKeccak());
  ledger = new MemoryLedger();
  logged.length = 0;
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await ledger.close();
});

function idsOf(alerts: readonly AlertChange[]): string[] {
  return alerts.map(({ id }) => id);
}

function changeAt(cut: number, id: string, state: AlertChange['state']): AlertChange {
  const [rule = '', subject = ''] = id.split(':');
  const at = (CUT + cut) * 10;
  return { id, rule, subject, severity: 'critical', state, since: at, at, cut: CUT + cut, summary: id, evidence: {} };
}

function entry(cut: number, changes: readonly [string, AlertChange['state']][], checkpoint?: unknown): LedgerEntry {
  const alerts = changes.map(([id, state]) => changeAt(cut, id, state));
  return { ...build.entry(CUT + cut, { checkpoint }), alerts };
}

async function start(...sinks: AlertSink[]): Promise<NestFastifyApplication> {
  @Global()
  @Module({ providers: [{ provide: LEDGER, useValue: ledger }], exports: [LEDGER] })
  class Given {}
  const testing = await Test.createTestingModule({ imports: [Given, AlertsModule.register(sinks, log)] }).compile();
  app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  await app.init();
  return app;
}

describe(AlertsService.name, () => {
  test('tells every sink of each change, in order, those of before its start included', async () => {
    await ledger.append(entry(1, [['a:1', 'firing']]));
    const sinks = [new ToldSink(), new ToldSink()];
    await start(...sinks);
    await ledger.append(entry(2, []));
    await ledger.append(
      entry(3, [
        ['b:1', 'firing'],
        ['a:1', 'resolved'],
      ]),
    );
    for (const sink of sinks) {
      await sink.until(3);
      expect(sink.told).toStrictEqual(['firing a:1 1', 'firing b:1 3', 'resolved a:1 3']);
    }
  });

  test('after a restart tells again only what followed the newest checkpoint', async () => {
    const firing = [{ alert: changeAt(1, 'a:1', 'firing') }];
    await ledger.append(entry(1, [['a:1', 'firing']]));
    await ledger.append(entry(2, [], { oracle: {}, alerts: { pending: {}, firing } }));
    await ledger.append(entry(3, [['b:1', 'firing']]));
    const sink = new ToldSink();
    const running = await start(sink);
    await sink.until(1);
    expect(sink.told).toStrictEqual(['firing b:1 3']);
    expect(idsOf(running.get(AlertsService).active())).toStrictEqual(['a:1', 'b:1']);
  });

  test('logs and counts what a sink does not take, and goes on', async () => {
    const sink = new ToldSink(({ id }) =>
      id === 'a:1' ? Promise.reject(new Error('no such host')) : Promise.resolve(),
    );
    const running = await start(sink);
    await ledger.append(
      entry(1, [
        ['a:1', 'firing'],
        ['b:1', 'firing'],
      ]),
    );
    await sink.until(2);
    await new Promise(setImmediate);
    expect(logged).toStrictEqual(['alert not delivered']);
    const counts = { sink: 'told', delivered: 1, failed: 1, dropped: 0, waiting: 0 };
    expect(running.get(AlertsService).deliveries()).toStrictEqual([counts]);
  });

  test('a sink that hangs holds up no other, and only so many changes wait for it', async () => {
    let giveUp = (_error: Error): void => {};
    const hanging = new ToldSink(() => new Promise((_resolve, reject) => (giveUp = reject)));
    hanging.close = () => giveUp(new Error('closed'));
    const quick = new ToldSink();
    const running = await start(hanging, quick);
    for (let cut = 1; cut <= 1_002; cut++) {
      await ledger.append(entry(cut, [['a:1', cut % 2 === 1 ? 'firing' : 'resolved']]));
      await quick.until(cut);
    }
    const counts = { sink: 'told', delivered: 0, failed: 0, dropped: 1, waiting: 1_000 };
    expect(running.get(AlertsService).deliveries()[0]).toStrictEqual(counts);
    expect(hanging.told).toStrictEqual(['firing a:1 1']);
  });

  test('starts again from the checkpoint when the ledger has forgotten what it had not read', async () => {
    const firing = [{ alert: changeAt(7, 'a:1', 'firing') }];
    await ledger.append(entry(8, [], { alerts: { pending: {}, firing } }));
    jest.spyOn(ledger, 'tail').mockImplementationOnce(() => {
      throw new EntriesForgotten(CUT, CUT + 5);
    });
    const sink = new ToldSink();
    const running = await start(sink);
    await ledger.append(entry(9, [['b:1', 'firing']]));
    await sink.until(1);
    expect(sink.told).toStrictEqual(['firing b:1 9']);
    expect(idsOf(running.get(AlertsService).active())).toStrictEqual(['a:1', 'b:1']);
    expect(logged).toStrictEqual(['alerts may have been missed; starting again from the newest checkpoint']);
  });

  test('ends with the application, and its sinks with it', async () => {
    const sink = new ToldSink();
    const running = await start(sink);
    await running.close();
    app = undefined;
    await ledger.append(entry(1, [['a:1', 'firing']]));
    expect(sink).toMatchObject({ closed: true, told: [] });
  });
});

describe('GET /v1/alerts', () => {
  async function get(query = ''): Promise<{ status: number; type: unknown; body: Record<string, unknown> }> {
    const { statusCode, headers, body } = await app!.inject({ method: 'GET', url: `/v1/alerts${query}` });
    return { status: statusCode, type: headers['content-type'], body: JSON.parse(body) };
  }

  test('shows what fires, and the last resolved, newest first and page by page', async () => {
    const sink = new ToldSink();
    await start(sink);
    for (let cut = 1; cut <= 201; cut++) await ledger.append(entry(cut, [[`a:${cut}`, 'resolved']]));
    await ledger.append(entry(300, [['b:1', 'firing']]));
    await sink.until(202);
    const ids = ({ body }: { body: Record<string, unknown> }, part: string): string[] =>
      idsOf(body[part] as AlertChange[]);
    const all = await get('?limit=200');
    expect(ids(all, 'active')).toStrictEqual(['b:1']);
    expect([ids(all, 'resolved')[0], ids(all, 'resolved')[199]]).toStrictEqual(['a:201', 'a:2']);
    expect(ids(await get('?offset=198&limit=2'), 'resolved')).toStrictEqual(['a:3', 'a:2']);
    expect(ids(await get('?offset=200'), 'resolved')).toStrictEqual([]);
    expect(all.body['sinks']).toStrictEqual([{ sink: 'told', delivered: 202, failed: 0, dropped: 0, waiting: 0 }]);
  });

  test.each(['?limit=0', '?limit=201', '?limit=x', '?offset=-1', '?page=2'])('refuses %s', async (query) => {
    await start();
    expect(await get(query)).toMatchObject({
      status: 400,
      type: expect.stringMatching(/^application\/problem\+json/),
      body: { type: 'urn:assay:problem:malformed', title: 'Bad Request', status: 400, code: 'malformed' },
    });
  });
});
