import { liveness, MAX_LOOP_LAG_MS, readiness, type ReadinessFacts } from './health';

const SOUND: ReadinessFacts = {
  running: true,
  signerFault: undefined,
  ledgerFault: undefined,
  feeds: [
    { id: 'BTC/USD', status: 'ok' },
    { id: 'ETH/USD', status: 'degraded' },
  ],
};

describe(liveness.name, () => {
  test.each([
    [0, true],
    [MAX_LOOP_LAG_MS, true],
    [MAX_LOOP_LAG_MS + 1, false],
  ])('with the loop %d ms late: %s', (lagMs, ok) => {
    expect(liveness(lagMs).ok).toBe(ok);
  });
});

describe(readiness.name, () => {
  test.each<[why: string, facts: Partial<ReadinessFacts>, failing: string[]]>([
    ['all is well', {}, []],
    [
      'one feed of two is halted: its report says so itself',
      {
        feeds: [
          { id: 'A/USD', status: 'halted' },
          { id: 'B/USD', status: 'ok' },
        ],
      },
      [],
    ],
    ['all feeds are halted', { feeds: [{ id: 'A/USD', status: 'halted' }] }, ['feeds']],
    ['no feed has had a report', { feeds: [{ id: 'A/USD', status: undefined }] }, ['feeds']],
    ['a warming feed has a price already', { feeds: [{ id: 'A/USD', status: 'warming' }] }, []],
    ['the loop has stopped', { running: false }, ['runtime']],
    ['nothing can be signed', { signerFault: 'the remote signer answered 503' }, ['signer']],
    ['nothing can be kept', { ledgerFault: 'no space left on device' }, ['ledger']],
  ])('%s', (_why, facts, failing) => {
    const { ok, checks } = readiness({ ...SOUND, ...facts });
    expect(checks.filter((check) => !check.ok).map(({ name }) => name)).toEqual(failing);
    expect(ok).toBe(failing.length === 0);
  });

  test('names the feeds without quorum and the fault it was told', () => {
    const { checks } = readiness({ ...SOUND, ledgerFault: 'disk full', feeds: [{ id: 'A/USD', status: 'halted' }] });
    expect(checks.map(({ detail }) => detail)).toEqual(['makes cuts', 'signs', 'disk full', 'without quorum: A/USD']);
  });
});
