import fc from 'fast-check';
import type { ObservedFeed } from '../../../oracle/certifying/observed-feed';
import { decodeObserved, encodeObserved } from './observed-bytes';
import type { Certificate, Observation, Proposal } from './statements';
import { decodeMessage, encodeMessage, MalformedMessage, type PeerMessage } from './wire';

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((array) => new Uint8Array(array));
const cut = fc.nat(2 ** 40);
const statement = { cut, terms: bytes(32), previousCut: cut, previous: bytes(32), signature: bytes(65) };
const observation: fc.Arbitrary<Observation> = fc.record({
  ...statement,
  votedCut: cut,
  voted: bytes(32),
  feeds: fc.nat(90).chain(bytes),
});
const proposal: fc.Arbitrary<Proposal> = fc.record({
  ...statement,
  observations: fc.array(observation, { maxLength: 5 }),
});
const header = fc.record({
  cut,
  root: bytes(32),
  riskRoot: bytes(32),
  packedRoot: bytes(32),
  configHash: bytes(32),
  signerEpoch: fc.nat(2 ** 31),
  validUntil: cut,
});
const certificate: fc.Arbitrary<Certificate> = fc.record({
  proposal,
  header,
  signatures: fc.array(bytes(65), { maxLength: 5 }),
});
const message: fc.Arbitrary<PeerMessage> = fc.oneof(
  fc.record({ kind: fc.constant('observation' as const), observation }),
  fc.record({ kind: fc.constant('proposal' as const), proposal }),
  fc.record({ kind: fc.constant('vote' as const), vote: fc.record({ header, signature: bytes(65) }) }),
  fc.record({ kind: fc.constant('wants' as const), cut, digest: bytes(32) }),
  fc.record({ kind: fc.constant('certificates' as const), certificates: fc.array(certificate, { maxLength: 3 }) }),
  fc.record({ kind: fc.constant('unknownPast' as const), cut }),
);

describe('messages between peers', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(plain(decodeMessage(encodeMessage(one)))).toEqual(plain(one));
      }),
    );
  });

  it('are refused by name where they are cut short, too long, or noise', () => {
    fc.assert(
      fc.property(message, fc.nat(), (one, at) => {
        const whole = encodeMessage(one);
        expect(() => decodeMessage(whole.subarray(0, at % whole.length))).toThrow(MalformedMessage);
        expect(() => decodeMessage(Buffer.concat([whole, Uint8Array.of(0)]))).toThrow(MalformedMessage);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        try {
          decodeMessage(noise);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedMessage);
        }
      }),
    );
  });
});

const feed: fc.Arbitrary<ObservedFeed> = fc
  .record({
    price: fc.integer({ min: 100, max: 2 ** 50 }),
    reasons: fc.constantFrom(0, 2, 1 << 4),
    halted: fc.boolean(),
    warm: fc.boolean(),
    used: fc.nat(60_000),
    hundredths: fc.nat(1_000_000),
  })
  .map(({ price, reasons, halted, warm, used, hundredths }) => ({
    reasons,
    observedAt: halted ? undefined : 1_700_000_000_000,
    prices: halted
      ? undefined
      : {
          price,
          low: price - 9,
          high: price + 9,
          collateral: warm ? price - 50 : undefined,
          liability: warm ? price + 50 : undefined,
        },
    sources: { used, upstreams: 3 },
    dispersionBps: hundredths / 100,
  }));

describe('the feeds of an observation', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.array(feed, { maxLength: 5 }), (feeds) => {
        expect(decodeObserved(encodeObserved(feeds), feeds.length)).toEqual(feeds);
      }),
    );
  });

  it('are refused, with a reason, where their number or their bytes are not right', () => {
    fc.assert(
      fc.property(fc.array(feed, { minLength: 1, maxLength: 5 }), fc.nat(), (feeds, at) => {
        const whole = encodeObserved(feeds);
        expect(decodeObserved(whole, feeds.length + 1)).toMatch(/not/);
        expect(typeof decodeObserved(whole.subarray(0, at % whole.length), feeds.length)).toBe('string');
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), (noise) => void decodeObserved(noise, 2)));
  });

  it.each<[string, Partial<NonNullable<ObservedFeed['prices']>>, string]>([
    ['a band that does not hold the price', { low: 1_001 }, 'band 1001..1010 does not hold 1000'],
    ['a price of zero', { price: 0, low: 0 }, 'band 0..1010 does not hold 0'],
    ['a collateral above the band', { collateral: 999, liability: 1_010 }, 'collateral 999 is above low'],
  ])('are refused with %s', (_what, change, reason) => {
    const prices = { price: 1_000, low: 990, high: 1_010, collateral: undefined, liability: undefined, ...change };
    const one = { reasons: 0, observedAt: 1, prices, sources: { used: 1, upstreams: 1 }, dispersionBps: 0 };
    expect(decodeObserved(encodeObserved([one]), 1)).toBe(`feed 0: ${reason}`);
  });

  it('are refused where a price stands beside a reason that halts', () => {
    const prices = { price: 1_000, low: 990, high: 1_010, collateral: undefined, liability: undefined };
    const one = { reasons: 1, observedAt: 1, prices, sources: { used: 1, upstreams: 1 }, dispersionBps: 0 };
    expect(decodeObserved(encodeObserved([one]), 1)).toMatch('halts goes with no price');
  });
});

/** Buffers and arrays alike, so that they compare by content. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
