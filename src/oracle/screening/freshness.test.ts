import { VERDICTS } from '../verdict';
import { expiry, freshness, spokenAt } from './freshness';

const MAX_AGE = 1_000;

describe('freshness', () => {
  it.each([
    ['a word counts when it is heard', 5_000, 5_000, NaN, 'used'],
    ['a word counts until just before its age', 5_999.999, 5_000, NaN, 'used'],
    ['a word of exactly that age does not count', 6_000, 5_000, NaN, 'staleReceived'],
    ['a venue that delivers late is old by its own clock', 6_000, 5_900, 5_000, 'staleEvent'],
    ['an event just younger than that still counts', 5_999, 5_900, 5_000, 'used'],
    ['the time of receipt is named first', 6_000, 5_000, 4_000, 'staleReceived'],
    ['an event ahead of its receipt keeps nothing alive', 6_000, 5_000, 5_500, 'staleReceived'],
  ])('%s', (_reason, at, receivedAt, eventAt, verdict) => {
    expect(VERDICTS[freshness(at, receivedAt, eventAt, MAX_AGE)]?.name).toBe(verdict);
  });

  it.each([
    ['from its receipt', 5_000, NaN, 6_000],
    ['from its event', 5_000, 4_600, 5_600],
    ['from its receipt, where the event lies ahead of it', 5_000, 5_300, 6_000],
  ])('expires %s, at the very instant it stops to count', (_reason, receivedAt, eventAt, expiresAt) => {
    expect(expiry(receivedAt, eventAt, MAX_AGE)).toBe(expiresAt);
    expect(VERDICTS[freshness(expiresAt, receivedAt, eventAt, MAX_AGE)]?.name).not.toBe('used');
    expect(VERDICTS[freshness(expiresAt - 0.001, receivedAt, eventAt, MAX_AGE)]?.name).toBe('used');
  });

  it.each([
    ['when it was heard, if the venue does not say', 5_000, NaN, 5_000],
    ['when the venue says', 5_000, 4_600, 4_600],
    ['not after it was heard', 5_000, 5_300, 5_000],
  ])('a word was spoken %s', (_reason, receivedAt, eventAt, spoken) => {
    expect(spokenAt(receivedAt, eventAt)).toBe(spoken);
  });
});
