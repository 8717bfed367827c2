import { parseScenarios, ScenarioFileError } from './scenario-file';

const GOOD = `
scenarios:
  - name: mine
    captured: minority
    durationMs: 20000
    required: { errorBps: 10, says: { reason: outliers, withinMs: 1000 } }
    injections:
      - { who: [v1, p1], what: { kind: shift, bps: 300, rampMs: 500 }, fromMs: 1000, toMs: 9000 }
      - { who: [v1], what: { kind: spread, bps: 50 }, fromMs: 1000, toMs: 9000 }
      - { who: [v4], asset: USDT, what: { kind: silent }, fromMs: 1000, toMs: 9000 }
    moves: [{ asset: BTC, bps: -100, fromMs: 1000, overMs: 500 }]
`;

/** The good file with one thing changed. */
const changed = (from: string, to: string): string => GOOD.replace(from, to);

function refusal(text: string): string {
  try {
    parseScenarios(text, 'mine.yaml');
  } catch (error) {
    if (error instanceof ScenarioFileError) return error.message;
    throw error;
  }
  return 'none';
}

describe('a scenario file', () => {
  it('is read as YAML, and as the JSON that YAML includes', () => {
    const [mine] = parseScenarios(GOOD, 'mine.yaml');
    expect(mine).toMatchObject({ name: 'mine', about: '', required: { errorBps: 10 } });
    expect(mine?.injections[0]).toEqual({
      who: ['v1', 'p1'],
      what: { kind: 'shift', bps: 300, rampMs: 500 },
      fromMs: 1_000,
      toMs: 9_000,
    });
    expect(parseScenarios(JSON.stringify({ scenarios: [mine] }), 'mine.json')).toEqual([mine]);
  });

  it.each([
    ['a venue that does not exist', 'v1, p1', 'v9', /scenarios\[0\]\.injections\[0\]\.who\[0\]: .*"v1"/],
    ['a fault that does not exist', 'kind: spread', 'kind: lie', /injections\[1\]\.what\.kind: /],
    ['a key that does not exist', 'durationMs', 'duration', /scenarios\[0\]: .*"duration"/],
    ['a key of another fault', 'rampMs: 500', 'factors: [1]', /injections\[0\]\.what: .*"factors"/],
    ['a reason that does not exist', 'outliers', 'lies', /required\.says\.reason: /],
    ['an asset that does not exist', 'asset: BTC', 'asset: ETH', /moves\[0\]\.asset: /],
    ['a requirement that does not exist', 'errorBps', 'error', /scenarios\[0\]\.required: .*"error"/],
    ['a negative time', 'fromMs: 1000, toMs', 'fromMs: -1, toMs', /injections\[0\]\.fromMs: .*>=0/],
    ['an end before its beginning', 'toMs: 9000', 'toMs: 900', /injections\[0\]\.toMs: is 900; .*after fromMs, 1000/],
    ['an end at its beginning', 'toMs: 9000', 'toMs: 1000', /injections\[0\]\.toMs: is 1000/],
    ['a fault beyond the run', 'toMs: 9000', 'toMs: 20001', /injections\[0\]\.toMs: .*ends at 20000 ms/],
    ['a move beyond the run', 'overMs: 500', 'overMs: 20000', /moves\[0\]: ends at 21000 ms/],
    ['a fall below nothing', 'bps: 300', 'bps: -10000', /injections\[0\]\.what\.bps: /],
    ['a figure that is none', 'bps: 300', 'bps: .nan', /injections\[0\]\.what\.bps: /],
    ['a run without end', 'durationMs: 20000', 'durationMs: .inf', /scenarios\[0\]\.durationMs: /],
    [
      'a venue without a book of the asset',
      'v4], asset: USDT, what: { kind: silent }',
      'v1], asset: USDT, what: { kind: crossed }',
      /injections\[2\]\.who\[0\]: v1 has no book of USDT; v2, v4/,
    ],
    [
      'a book for a reader',
      'v1, p1], what: { kind: shift, bps: 300, rampMs: 500 }',
      'pool], what: { kind: crossed }',
      /who\[0\]: pool reads a chain/,
    ],
    ['a bound for a venue', 'kind: shift, bps: 300, rampMs: 500', 'kind: atBound', /who\[0\]: v1 is no reader/],
    ['a sequencer that lies', 'v1, p1', 'sequencer', /who\[0\]: a sequencer can be silent, and not shift/],
    [
      'a shift of who is silent',
      'v4], asset: USDT',
      'v1]',
      /injections\[2\]: v1 cannot be silent while it is shift \(injections\[0\]\)/,
    ],
    [
      'a freeze within a freeze',
      'kind: shift, bps: 300, rampMs: 500 }',
      'kind: freeze }, fromMs: 0, toMs: 2000 }\n      - { who: [v1], what: { kind: freeze }',
      /injections\[1\]: v1 cannot be freeze while it is freeze/,
    ],
    ['a name of the catalogue', 'name: mine', 'name: spoof', /scenarios\[0\]\.name: spoof is taken/],
    [
      'a name twice',
      '\nscenarios:',
      '\nscenarios:\n  - { name: mine, captured: nothing }',
      /scenarios\[1\]\.name: mine is taken/,
    ],
    ['nothing to play', GOOD, 'scenarios: []', /mine\.yaml was refused[\s\S]*scenarios: /],
    ['no mapping', GOOD, '[', /mine\.yaml was refused[\s\S]*the file: /],
  ])('with %s is refused by its path', (_, from, to, told) => {
    expect(changed(from, to)).not.toBe(GOOD);
    expect(refusal(changed(from, to))).toMatch(told);
  });

  it('has all of its faults told at once', () => {
    const text = GOOD.replace('toMs: 9000', 'toMs: 900').replace('overMs: 500', 'overMs: 20000');
    expect(refusal(text)).toMatch(/injections\[0\]\.toMs[\s\S]*moves\[0\]/);
  });

  it('may let faults overlap that compose', () => {
    expect(refusal(GOOD)).toBe('none');
    expect(
      refusal(
        changed(
          'v4], asset: USDT, what: { kind: silent }, fromMs: 1000',
          'v1], what: { kind: silent }, fromMs: 9000',
        ).replace(/toMs: 9000 }\n    moves/, 'toMs: 9500 }\n    moves'),
      ),
    ).toBe('none');
  });
});
