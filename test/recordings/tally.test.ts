import type { Dialect, Outcome } from '../../src/inbound/dialect';
import { capturedVenues } from './captured-venues';
import { tallyOf } from './tally';

const okx = capturedVenues.find(({ file }) => file === 'OKX')!;

/** Answers each frame with what the test gives for it, and remembers what it was opened with. */
function dialectOf(answers: Readonly<Record<string, () => readonly Outcome[]>>): Dialect & { opened: string[][] } {
  const opened: string[][] = [];
  const open = (instruments: readonly string[]): void => void opened.push([...instruments]);
  return { opened, open, parse: (_state, frame) => answers[frame]!() } as Dialect & { opened: string[][] };
}

const ticker = (instId: string): string => JSON.stringify({ arg: { channel: 'tickers', instId } });

describe(tallyOf.name, () => {
  test('configures every instrument that a connection carried, and counts by channel and outcome', () => {
    const dialect = dialectOf({
      [ticker('A')]: () => [{ kind: 'rejected', reason: 'channelNotUsed' }],
      [ticker('B')]: () => [{ kind: 'control', control: 'information' }],
      pong: () => [{ kind: 'control', control: 'heartbeat' }],
    });
    const frames = [
      { connection: '1', frame: ticker('A') },
      { connection: '2', frame: ticker('B') },
      { connection: '1', frame: ticker('B') },
      { connection: '1', frame: 'pong' },
    ];
    const { counts, faults } = tallyOf(okx, dialect, frames);
    expect(dialect.opened).toStrictEqual([['A', 'B'], ['B']]);
    expect(faults).toStrictEqual([]);
    expect(
      Object.fromEntries([...counts].map(([channel, outcomes]) => [channel, Object.fromEntries(outcomes)])),
    ).toEqual({
      tickers: { 'rejected:channelNotUsed': 1, 'control:information': 2 },
      '(none)': { 'control:heartbeat': 1 },
    });
  });

  test.each<[string, () => readonly Outcome[], RegExp]>([
    [
      'throws',
      () => {
        throw new Error('oops');
      },
      /^thrown Error: oops/,
    ],
    ['says nothing', () => [], /^no outcome/],
    [
      'rejects for no known reason',
      () => [{ kind: 'rejected', reason: 'odd' as never }],
      /^a rejection without a name/,
    ],
    ['does not know what it was opened with', () => [{ kind: 'rejected', reason: 'unknownInstrument' }], /^unknown/],
  ])('faults a dialect that %s', (_case, answer, fault) => {
    const { faults } = tallyOf(okx, dialectOf({ x: answer }), [{ connection: '1', frame: 'x' }]);
    expect(faults).toStrictEqual([expect.stringMatching(fault)]);
  });
});
