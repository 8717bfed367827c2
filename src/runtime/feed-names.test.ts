import { EntryBuilder, twoSourcesEach } from '../../test/support/ledger-entries';
import type { FeedPlan, OraclePlan } from '../oracle/plan';
import type { Keccak } from '../oracle/reporting/keccak';
import { loadKeccak } from '../platform/keccak';
import { FeedNames } from './feed-names';

let keccak: Keccak;
beforeAll(async () => {
  keccak = await loadKeccak();
});

const OLD = twoSourcesEach('BTC/USD', 'ETH/USD', 'DOGE/USD');

function translated(plan: OraclePlan): { feed: number; price: number | undefined }[] {
  const builder = new EntryBuilder(OLD, keccak);
  const names = new FeedNames(plan);
  names.translate(builder.first(1));
  const entry = builder.entry(2, { prices: { 'ETH/USD': 20_000, 'DOGE/USD': 30_000 } });
  return names.translate(entry).cut.reports.map(({ feed, prices }) => ({ feed, price: prices?.price }));
}

function changing(change: Partial<FeedPlan>): OraclePlan {
  return { ...OLD, feeds: OLD.feeds.map((feed) => (feed.id === 'ETH/USD' ? { ...feed, ...change } : feed)) };
}

describe('FeedNames', () => {
  it('finds each feed where the plan in force has it, and drops one that is gone', () => {
    expect(translated(twoSourcesEach('ETH/USD', 'NEW/USD', 'BTC/USD'))).toEqual([{ feed: 0, price: 20_000 }]);
  });

  it.each([
    ['decimals: its integers mean other prices', { decimals: 4 }],
    ['asset: its past is that of another token', { asset: { symbol: 'ETH', version: 2 } }],
  ])('drops a feed that is now published with other %s', (_reason, change) => {
    expect(translated(changing(change))).toEqual([{ feed: 2, price: 30_000 }]);
  });

  it('knows what operators halted by name, and no verdict of another configuration', () => {
    const names = new FeedNames(twoSourcesEach('ETH/USD', 'BTC/USD'));
    const entry = new EntryBuilder(OLD, keccak).first(1);
    const { cut } = names.translate({ ...entry, cut: { ...entry.cut, halts: [0, 2] } });
    expect(cut.halts).toEqual([1]);
    expect(cut.verdicts.source).toHaveLength(0);
  });

  it.each([
    ['knows the redemption rate of a feed by its name', twoSourcesEach('ETH/USD', 'BTC/USD'), [0]],
    ['drops that of a feed that is gone', twoSourcesEach('BTC/USD'), []],
    ['drops that of another asset version', changing({ asset: { symbol: 'ETH', version: 2 } }), []],
  ])('%s', (_reason, plan, feeds) => {
    const names = new FeedNames(plan);
    const entry = new EntryBuilder(OLD, keccak).first(1);
    const rates = [{ feed: 1, accepted: undefined, refused: 9 }];
    const { cut } = names.translate({ ...entry, cut: { ...entry.cut, rates } });
    expect(cut.rates).toEqual(feeds.map((feed) => ({ feed, accepted: undefined, refused: 9 })));
  });
});
