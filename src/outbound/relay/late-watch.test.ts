import { LateWatch } from './late-watch';

const STORE = {
  group: 'majors',
  feeds: ['BTC/USD'],
  address: '0x00000000000000000000000000000000000000a1',
  heartbeatMs: 60_000,
  deviationBps: [50],
  lateAfterMs: 30_000,
} as const;
const DUE = { kind: 'heartbeat', ageMs: 60_000 } as const;

describe(LateWatch.name, () => {
  const look = (watch: LateWatch, at: number, cause: typeof DUE | undefined, obstacle?: string) =>
    watch.look({ at, cause, cut: 7, obstacle });

  test('fires once, when a store has been due for too long, and says what stands in the way', () => {
    const watch = new LateWatch('ethereum', STORE);
    expect([look(watch, 0, DUE), look(watch, 29_999, DUE)]).toEqual([undefined, undefined]);
    expect(look(watch, 30_000, DUE, 'feeAboveCap')).toMatchObject({
      id: 'relayLate:ethereum/majors',
      state: 'firing',
      since: 0,
      at: 30_000,
      cut: 7,
      summary:
        'the store of majors on ethereum holds cut 7: due by heartbeat since 30000 ms, limit 30000 ms; feeAboveCap',
    });
    expect(look(watch, 40_000, DUE)).toBeUndefined();
  });

  test('is resolved once the store is fresh, and fires anew from there', () => {
    const watch = new LateWatch('ethereum', STORE);
    for (const at of [0, 30_000]) look(watch, at, DUE);
    expect(look(watch, 31_000, undefined)).toMatchObject({ state: 'resolved', since: 0, at: 31_000 });
    expect([look(watch, 32_000, undefined), look(watch, 40_000, DUE), look(watch, 69_999, DUE)]).toEqual(
      Array(3).fill(undefined),
    );
    expect(look(watch, 70_000, DUE)).toMatchObject({ state: 'firing', since: 40_000 });
  });

  test('says nothing of a store that was told in time', () => {
    const watch = new LateWatch('ethereum', STORE);
    expect([look(watch, 0, DUE), look(watch, 20_000, undefined), look(watch, 60_000, DUE)]).toEqual(
      Array(3).fill(undefined),
    );
  });
});
