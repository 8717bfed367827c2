import { timeTicks, valueTicks } from './ticks';

describe(valueTicks.name, () => {
  test.each([
    ['a step of ten', 0, 40, ['0', '10', '20', '30', '40']],
    ['a step of five', -9, 11, ['-5', '0', '5', '10']],
    ['thousands', 0, 18_800, ['0', '5,000', '10,000', '15,000']],
    ['parts of one', 0.001, 0.009, ['0.002', '0.004', '0.006', '0.008']],
    ['both signs, without a negative zero', -0.3, 0.3, ['-0.2', '0.0', '0.2']],
  ])('are round: %s', (_case, low, high, labels) => {
    expect(valueTicks(low, high, 5).map(({ label }) => label)).toEqual(labels);
  });
});

describe(timeTicks.name, () => {
  test.each([
    ['hours of a day', '2022-05-09T05:30Z', '2022-05-09T23:00Z', ['05-09 06:00', '05-09 12:00', '05-09 18:00']],
    [
      'days of a week',
      '2022-05-05',
      '2022-05-14',
      ['2022-05-06', '2022-05-08', '2022-05-10', '2022-05-12', '2022-05-14'],
    ],
    ['months of a year', '2022-01-02', '2022-12-31', ['2022-04', '2022-07', '2022-10']],
    ['years', '2018-05-15', '2027-06-01', ['2020-01', '2022-01', '2024-01', '2026-01']],
  ])('are whole: %s', (_case, from, to, labels) => {
    expect(timeTicks(Date.parse(from), Date.parse(to), 6).map(({ label }) => label)).toEqual(labels);
  });

  test('stand where they say', () => {
    const ticks = timeTicks(Date.parse('2022-01-02'), Date.parse('2022-12-31'), 13);
    for (const { at, label } of ticks) expect(new Date(at).toISOString()).toBe(`${label}-01T00:00:00.000Z`);
    expect(ticks).toHaveLength(11);
  });
});
