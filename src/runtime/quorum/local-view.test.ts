import { EntryBuilder, twoSourcesEach } from '../../../test/support/ledger-entries';
import { loadKeccak } from '../../platform/keccak';
import { reasonBit } from '../../oracle/guarding/reasons';
import type { LedgerEntry } from '../../outbound/ledger/ledger';
import type { OperatorInstruction } from '../../recording/event';
import { LocalView } from './local-view';

const PLAN = twoSourcesEach('BTC/USD', 'ETH/USD');
const UNSEEN = {
  reasons: reasonBit('tooFewUpstreams'),
  observedAt: undefined,
  prices: undefined,
  sources: { used: 0, upstreams: 0 },
  dispersionBps: 0,
};

function instruction(issuedAt: number): OperatorInstruction {
  return { halt: 'BTC/USD', by: '0x00', why: 'a drill', issuedAt, signature: '0x' };
}

describe('LocalView', () => {
  let builder: EntryBuilder;
  let told: unknown[][];
  let view: LocalView;
  beforeEach(async () => {
    builder = new EntryBuilder(PLAN, await loadKeccak());
    told = [];
    view = new LocalView(PLAN, {
      started: (...about) => void told.push(['started', ...about]),
      heard: (...about) => void told.push(['heard', ...about]),
      stopped: (...about) => void told.push(['stopped', ...about]),
      failed: (...about) => void told.push(['failed', ...about]),
    });
  });
  const prices = (): (number | undefined)[] => view.observe().map((feed) => feed.prices?.price);
  const withVerdicts = (cut: number): LedgerEntry => builder.entry(cut, { prices: { 'BTC/USD': 1_000 + cut } });

  it('sees no feed before the first cut: as if no source spoke', () => {
    expect(view.observe()).toEqual([UNSEEN, UNSEEN]);
  });

  it('sees each feed as the newest cut that changed it says', () => {
    view.entry(builder.first(100));
    view.entry(builder.entry(101, { prices: { 'ETH/USD': 2_000 } }));
    expect(prices()).toEqual([10_000, 2_000]);
    view.entry(builder.entry(102, { prices: { 'BTC/USD': undefined } }));
    expect(view.observe()).toMatchObject([
      { prices: undefined, observedAt: undefined, reasons: reasonBit('tooFewUpstreams') },
      { prices: { price: 2_000, low: 1_990, high: 2_010 }, observedAt: 1_010, reasons: 0 },
    ]);
  });

  it('gives verdicts and instructions once, in order, to the next certified cut', () => {
    const [first, second] = [withVerdicts(100), withVerdicts(101)];
    view.entry({ ...first, operator: [instruction(1)] });
    view.entry({ ...second, operator: [instruction(2), instruction(3)] });
    expect(view.take()).toEqual({
      verdicts: [first.cut.verdicts, second.cut.verdicts],
      operator: [instruction(1), instruction(2), instruction(3)],
    });
    expect(view.take()).toEqual({ verdicts: [], operator: [] });
    expect(prices()).toEqual([1_101, undefined]);
  });

  it('keeps no verdicts of a cut that judged nobody', () => {
    view.entry(builder.entry(100));
    expect(view.take().verdicts).toEqual([]);
  });

  it('keeps the newest verdicts and every instruction, however long nothing is certified', () => {
    const entries = Array.from({ length: 600 }, (_, index) => ({
      ...withVerdicts(index + 1),
      operator: [instruction(index)],
    }));
    for (const entry of entries) view.entry(entry);
    const { verdicts, operator } = view.take();
    expect(verdicts).toHaveLength(512);
    expect(verdicts.every((one, index) => one === entries[88 + index]!.cut.verdicts)).toBe(true);
    expect(operator).toEqual(entries.map((entry) => entry.operator[0]));
  });

  it('sees nothing once the oracle behind it has failed, rather than what it saw last', () => {
    view.entry(builder.first(100));
    const bug = new Error('a bug');
    view.failed(bug);
    expect(view.observe()).toEqual([UNSEEN, UNSEEN]);
    expect(told).toEqual([['failed', bug]]);
  });

  it('hands on to the recording what was heard, and no local cut', () => {
    const state = (): unknown => ({});
    const event = { at: 1_000, venue: 'kraken', connection: '1', open: true } as const;
    view.started(1_000, state);
    view.heard(event, []);
    view.entry(builder.first(100));
    view.stopped(2_000);
    expect(told).toEqual([
      ['started', 1_000, state],
      ['heard', event, []],
      ['stopped', 2_000],
    ]);
  });
});
