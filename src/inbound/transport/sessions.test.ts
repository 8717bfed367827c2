import fc from 'fast-check';
import { planSessions } from './sessions';

describe(planSessions.name, () => {
  test.each([
    ['one connection where all fit', ['a', 'b'], 2, [['1', ['a', 'b']]]],
    [
      'a further one for what does not fit',
      ['a', 'b', 'c'],
      2,
      [
        ['1', ['a', 'b']],
        ['2', ['c']],
      ],
    ],
    ['none for a venue without instruments', [], 2, []],
  ])('plans %s', (_, instruments, maxInstruments, expected) => {
    const planned = planSessions('kraken', { maxInstruments }, instruments);
    expect(planned.map((session) => [session.connection, session.instruments])).toEqual(expected);
    expect(planned.every(({ venue }) => venue === 'kraken')).toBe(true);
  });

  test('carries each instrument once, in order, and never more than a connection may carry', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), fc.integer({ min: 1, max: 10 }), (instruments, maxInstruments) => {
        const planned = planSessions('okx', { maxInstruments }, instruments);
        expect(planned.flatMap((session) => session.instruments)).toEqual(instruments);
        for (const session of planned) expect(session.instruments.length).toBeLessThanOrEqual(maxInstruments);
        expect(new Set(planned.map(({ connection }) => connection)).size).toBe(planned.length);
      }),
    );
  });
});
