import { SteeredClock } from '../../../test/support/steered-clock';
import type { Cut } from '../../oracle/cut';
import type { OraclePlan } from '../../oracle/plan';
import type { Report } from '../../oracle/report';
import { verdictCode, type Verdict } from '../../oracle/verdict';
import { CutMeter } from './cut-meter';
import { createMetrics } from './metrics';

const NOW = 1_700_000_000_000;
const PLAN = {
  feeds: [
    { id: 'BTC/USD', decimals: 2 },
    { id: 'ETH/USD', decimals: 2 },
  ],
} as unknown as OraclePlan;

const ok = (feed: number, price: number): Report =>
  ({ feed, status: 'ok', observedAt: NOW - 250, prices: { price } }) as unknown as Report;
const halted = (feed: number): Report =>
  ({ feed, status: 'halted', observedAt: undefined, prices: undefined }) as unknown as Report;

function cut(reports: readonly Report[], verdicts: readonly Verdict[]): Cut {
  return { reports, verdicts: { code: Uint8Array.from(verdicts, verdictCode) } } as unknown as Cut;
}

describe(CutMeter.name, () => {
  const clock = new SteeredClock(NOW);
  let metrics: ReturnType<typeof createMetrics>;
  let meter: CutMeter;

  beforeEach(() => {
    metrics = createMetrics();
    meter = new CutMeter(metrics, PLAN, clock);
  });

  async function lines(name: string): Promise<string[]> {
    meter.refresh();
    const text = await metrics.registry.getSingleMetricAsString(name);
    return text.split('\n').filter((line) => line.startsWith(name));
  }

  test('counts verdicts by their stage, once however often it is asked', async () => {
    meter.count(cut([], ['used', 'used', 'crossed']));
    meter.count(cut([], ['used']));
    await lines('assay_verdicts_total');
    const counted = (await lines('assay_verdicts_total')).filter((line) => !line.endsWith(' 0'));
    expect(counted).toEqual([
      'assay_verdicts_total{stage="aggregation",verdict="used"} 3',
      'assay_verdicts_total{stage="observation",verdict="crossed"} 1',
    ]);
    expect(await lines('assay_cuts_total')).toEqual(['assay_cuts_total 2']);
  });

  test('tells feeds by present status: a cut that does not mention a feed leaves it as it was', async () => {
    meter.count(cut([ok(0, 100), ok(1, 100)], []));
    meter.count(cut([halted(1)], []));
    const present = (await lines('assay_feeds')).filter((line) => !line.endsWith(' 0'));
    expect(present).toEqual(['assay_feeds{status="halted"} 1', 'assay_feeds{status="ok"} 1']);
  });

  test('tells price and age in units and seconds, and nothing of a feed that has no price any more', async () => {
    meter.count(cut([ok(0, 6_500_012), ok(1, 192_000)], []));
    expect(await lines('assay_price')).toEqual([
      'assay_price{feed="BTC/USD"} 65000.12',
      'assay_price{feed="ETH/USD"} 1920',
    ]);
    meter.count(cut([halted(0)], []));
    await clock.advance(750);
    expect(await lines('assay_price')).toEqual(['assay_price{feed="ETH/USD"} 1920']);
    expect(await lines('assay_price_age_seconds')).toEqual(['assay_price_age_seconds{feed="ETH/USD"} 1']);
  });
});
