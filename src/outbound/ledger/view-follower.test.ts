import { Logger } from '@nestjs/common';
import { EntryBuilder, twoSourcesEach } from '../../../test/support/ledger-entries';
import type { Keccak } from '../../oracle/reporting/keccak';
import { loadKeccak } from '../../platform/keccak';
import { LatestView } from './latest-view';
import { EntriesForgotten } from './ledger';
import { MemoryLedger } from './memory-ledger';
import { ViewFollowerService } from './view-follower.service';

const PLAN = twoSourcesEach('BTC/USD');

describe(ViewFollowerService.name, () => {
  let keccak: Keccak;
  let builder: EntryBuilder;
  let ledger: MemoryLedger;
  let view: LatestView;
  let service: ViewFollowerService;

  beforeAll(() => {
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
  });

  beforeEach(async () => {
    keccak = await loadKeccak();
    builder = new EntryBuilder(PLAN, keccak);
    ledger = new MemoryLedger();
    view = new LatestView(PLAN, new Uint8Array(32).fill(3), keccak);
    service = new ViewFollowerService(ledger, view);
  });
  afterEach(() => service.onModuleDestroy());

  const folded = (cut: number) =>
    new Promise<void>((resolve) => {
      view.onFold(() => {
        if (view.signed?.header.cut === cut) resolve();
      });
    });

  test('starts at the newest checkpoint, itself included, and follows', async () => {
    await ledger.append(builder.first(100));
    await ledger.append(builder.first(200, { state: 1 }));
    const cuts: (number | undefined)[] = [];
    view.onFold(() => cuts.push(view.signed?.header.cut));
    const done = folded(300);
    service.onApplicationBootstrap();
    await ledger.append(builder.entry(300));
    await done;
    expect(cuts).toEqual([200, 300]);
  });

  test('goes on behind what was forgotten before it was read', async () => {
    await ledger.append(builder.first(100));
    await ledger.append(builder.first(200));
    jest.spyOn(ledger, 'tail').mockImplementationOnce(() => {
      throw new EntriesForgotten(0, 100);
    });
    const done = folded(200);
    service.onApplicationBootstrap();
    await done;
    expect(view.report(0)?.sequence).toBe(2);
  });

  test('survives an entry that cannot be folded', async () => {
    const broken = builder.first(100);
    await ledger.append({ ...broken, cut: { ...broken.cut, leaves: [{ index: 99, bytes: new Uint8Array(1) }] } });
    const done = folded(200);
    service.onApplicationBootstrap();
    await ledger.append(builder.first(200));
    await done;
    expect(view.trouble(0)).toBeUndefined();
  });
});
