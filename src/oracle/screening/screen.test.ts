import { verdictCode, VERDICTS } from '../verdict';
import { Screen, type Centre, type Voices } from './screen';
import { SourceRecord } from './source-record';

const AT = 10_000;
const CENTRE: Centre = { price: 100, scatterBps: 1, floorBps: 5, sigmaPerRootSecond: 0, minLeft: 3 };

interface Voice {
  readonly value: number;
  readonly share?: number;
  readonly spreadBps?: number;
  readonly saidAt?: number;
  readonly record?: SourceRecord;
}

function screened(voices: readonly Voice[], centre: Partial<Centre> = {}): { screen: Screen; verdicts: unknown[] } {
  const column = (of: (voice: Voice) => number): Float64Array => Float64Array.from(voices, of);
  const said: Voices = {
    count: voices.length,
    value: column(({ value }) => value),
    share: column(({ share = 1 / voices.length }) => share),
    spreadBps: column(({ spreadBps = 0 }) => spreadBps),
    saidAt: column(({ saidAt = AT - 100 }) => saidAt),
  };
  const screen = new Screen(voices.length);
  const voters = voices.map(({ record = new SourceRecord() }) => ({ record }));
  screen.judge(said, { ...CENTRE, ...centre }, voters, AT);
  return { screen, verdicts: voices.map((_, row) => VERDICTS[screen.code[row] as number]?.name) };
}

function recordWith(verdict: 'leading' | 'outlier', at: number, times = 1): SourceRecord {
  const record = new SourceRecord();
  for (let turn = 0; turn < times; turn++) {
    const then = at - 10 * (times - 1 - turn);
    record.absorb({ code: verdictCode('used'), measured: 100, limit: NaN }, then - 2);
    record.absorb({ code: verdictCode(verdict), measured: 50, limit: 5 }, then);
  }
  return record;
}

const QUIET = [{ value: 100 }, { value: 100.01 }, { value: 99.99 }, { value: 100 }];
const WITH = (voice: Voice) => screened([...QUIET, voice]).verdicts.at(-1);

describe('Screen', () => {
  it.each([
    ['five standard deviations of the votes', {}, 0.05],
    ['the floor', { scatterBps: 0.2, floorBps: 8 }, 0.08],
    ['more where votes scatter more', { scatterBps: 4 }, 0.2],
    // 2.58 · 0.001 · √0.1
    ['what the price may have done since it was said', { sigmaPerRootSecond: 0.001 }, 0.0815],
  ])('lets a vote stand as far from the rest as %s', (_reason, centre, limit) => {
    expect(screened([...QUIET, { value: 100 + 0.99 * limit }], centre).verdicts.at(-1)).toBe('used');
    expect(screened([...QUIET, { value: 100 + 1.01 * limit }], centre).verdicts.at(-1)).not.toBe('used');
  });

  it('lets a vote stand as far from the rest as its own book is wide', () => {
    expect(WITH({ value: 100.4, spreadBps: 41 })).toBe('used');
  });

  it.each([
    ['leading: nobody has spoken since', { saidAt: AT }, 'leading'],
    ['leading: not most of them', { saidAt: AT - 100 }, 'leading'],
    ['lagging: they have, and it has not', { saidAt: AT - 101 }, 'lagging'],
    ['leading, who departed just now and says so again', { record: recordWith('leading', AT - 50) }, 'leading'],
    ['an outlier: it departed before they spoke', { record: recordWith('leading', AT - 200) }, 'outlier'],
    [
      'an outlier: a short while ago it was found false',
      { saidAt: AT, record: recordWith('outlier', AT - 1) },
      'outlier',
    ],
    ['an outlier: no market moves that much in between', { value: 111, saidAt: AT }, 'outlier'],
  ])('calls a vote that stands apart %s', (_reason, voice, verdict) => {
    expect(WITH({ value: 101, ...voice })).toBe(verdict);
  });

  it('keeps a quarantined source out, near as it may be', () => {
    expect(WITH({ value: 100, record: recordWith('outlier', AT - 5, 3) })).toBe('quarantined');
  });

  it.each([
    ['half of the votes', [{ value: 120 }, { value: 120 }, { value: 80 }, { value: 80 }], 3],
    ['more than half of the weight', [{ value: 120, share: 0.6 }, ...QUIET.slice(2)], 1],
    ['so many that too few are left', [{ value: 120 }], 5],
  ])('takes no vote away where it would be %s', (_reason, apart, minLeft) => {
    const { screen, verdicts } = screened([...QUIET, ...apart], { minLeft });
    expect(new Set(verdicts)).toEqual(new Set(['used']));
    expect(screen.dropped).toBe(0);
  });

  it('takes the votes of the furthest where all of them would be too many', () => {
    const { verdicts } = screened([
      { value: 100, share: 0.45 },
      ...QUIET.slice(1),
      { value: 1, share: 0.5 },
      { value: 101, saidAt: AT - 200 },
    ]);
    expect(verdicts).toEqual(['used', 'used', 'used', 'used', 'outlier', 'used']);
  });

  it('says how far news reaches, and how many bring it, to either side', () => {
    const { screen } = screened([
      ...QUIET,
      { value: 101, saidAt: AT, share: 0.1 },
      { value: 102, saidAt: AT, share: 0.2 },
      { value: 99, saidAt: AT, share: 0.1 },
    ]);
    expect(screen.above).toEqual({ price: 102, count: 2, share: expect.closeTo(0.3, 12) as number });
    expect(screen.below).toEqual({ price: 99, count: 1, share: 0.1 });
    expect([screen.isShared(screen.above), screen.isShared(screen.below)]).toEqual([true, false]);
    expect(screen.dropped).toBe(0);
  });

  it('remembers nothing of the votes before', () => {
    const screen = new Screen(1);
    screen.above.count = 3;
    screen.dropped = 2;
    screen.clear();
    expect([screen.above, screen.dropped]).toEqual([{ price: NaN, count: 0, share: 0 }, 0]);
  });
});
