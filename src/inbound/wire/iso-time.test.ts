import fc from 'fast-check';
import { ISO_TIME, isoTimeAt } from './iso-time';

const isoTime = (text: string) => isoTimeAt(text, 0, text.length);

describe('isoTimeAt', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['2023-02-09T20:30:37.167359596Z', 1675974637167.359596],
    ['2026-09-24T03:54:18.054886Z', 1790222058054.886],
    ['2024-02-29T23:59:59.9Z', 1709251199900],
    ['2000-12-31T00:00:00.000000001Z', 978220800000.000001],
  ])('reads %s', (text, at) => {
    expect(isoTime(text)).toBe(at);
  });

  it.each([
    '2026-02-29T00:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-13-10T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-04-00T00:00:00Z',
    '2026-04-10T24:00:00Z',
    '2026-04-10T00:60:00Z',
    '2026-04-10T00:00:60Z',
  ])('knows no instant %s', (text) => {
    expect(text).toMatch(new RegExp(`^${ISO_TIME}$`));
    expect(isoTime(text)).toBeNaN();
  });

  it('gives what Date gives for every millisecond of four digits of year', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
        (date) => {
          expect(isoTime(date.toISOString())).toBe(date.getTime());
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
