import { parseDuration } from './duration';

describe(parseDuration.name, () => {
  it.each([
    ['500ms', 500],
    ['20s', 20_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
  ])('reads %s as %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['20', 's', '-1s', '1d', '', '1 s'])('refuses "%s", for its unit or number is missing', (text) => {
    expect(() => parseDuration(text)).toThrow(`duration "${text}"`);
  });
});
