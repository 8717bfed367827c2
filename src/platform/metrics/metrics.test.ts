import { createMetrics } from './metrics';

describe(createMetrics.name, () => {
  test('names every metric by the house, its unit and, if it only grows, by total', async () => {
    const metrics = await createMetrics().registry.getMetricsAsJSON();
    const wrong = metrics.filter(({ name, type }) => {
      const growing = String(type) === 'counter';
      return !/^assay_[a-z_]+$/.test(name) || name.endsWith('_total') !== growing || /_(ms|bps|percent)/.test(name);
    });
    expect(metrics.length).toBeGreaterThan(10);
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('shares nothing between two apps of one process', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.cuts.inc(3);
    expect(await one.registry.getSingleMetricAsString('assay_cuts_total')).toContain('assay_cuts_total 3');
    expect(await other.registry.getSingleMetricAsString('assay_cuts_total')).toContain('assay_cuts_total 0');
  });

  test('says nothing of what has not happened: a labelled metric has no line until it is counted', async () => {
    const { registry, frames } = createMetrics();
    expect(await registry.getSingleMetricAsString('assay_frames_total')).not.toMatch(/^assay_frames_total/m);
    frames.inc({ venue: 'kraken', outcome: 'quote' });
    expect(await registry.getSingleMetricAsString('assay_frames_total')).toContain(
      'assay_frames_total{venue="kraken",outcome="quote"} 1',
    );
  });
});
