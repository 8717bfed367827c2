import type { z } from 'zod';
import { verifyDependence } from '../../client/verifier/dependence';
import { plainPrimitives } from '../../client/verifier/primitives';
import { evidenceHash, Quorum } from '../../client/verifier/quorum';
import { verifyHorizon } from '../../client/verifier/risk-leaf';
import { Oracle } from '../../src/oracle/oracle';
import { HeaderDigest } from '../../src/oracle/reporting/header-digest';
import { HOUR_MS, SECOND_MS } from '../../src/oracle/units/time';
import { developmentKey } from '../../src/outbound/signing/development-key';
import { compactSignature } from '../../src/oracle/reporting/packed-message';
import { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import type { pricesAnswer } from '../../src/outbound/rest/answers';
import { dependenceAnswer, riskAnswer } from '../../src/outbound/rest/answers';
import { RestModule } from '../../src/outbound/rest/rest.module';
import { loadKeccak } from '../../src/platform/keccak';
import { OracleDriver, T0 } from '../support/oracle-driver';
import { PUBLICATION_OF_TESTS, startOutbound } from '../support/outbound-app';
import { planOf } from '../support/plans';
import { SteeredClock } from '../support/steered-clock';

const NATIVE = { a: {}, b: {}, c: {} };
const PLAN = planOf({
  'USDT/USD': { decimals: 6, sources: NATIVE, policy: { nominalVolatility: 0.03 } },
  'BTC/USD': { sources: { ...NATIVE, d: { leg: 'USDT/USD' } } },
  'ETH/USD': { sources: NATIVE },
  'SOL/USD': { decimals: 4, sources: NATIVE },
});
/** Of what moves a price each step, the part that moves all of its kind: BTC and ETH share 0.9 of it, SOL 0.6. */
const COMMON = { 'USDT/USD': 0, 'BTC/USD': 0.9, 'ETH/USD': 0.9, 'SOL/USD': 0.6 } as const;
const STEP_MS = 5 * SECOND_MS;
const ENDS_AT = T0 + 6.5 * HOUR_MS;

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));

/** Six hours and a half, in which every source speaks every five seconds; then what an oracle continues from. */
async function liveHours() {
  const driver = new OracleDriver(PLAN, await loadKeccak());
  const prices: Record<keyof typeof COMMON, number> = {
    'USDT/USD': 1,
    'BTC/USD': 60_000,
    'ETH/USD': 3_000,
    'SOL/USD': 150,
  };
  let seed = 1;
  const draw = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  };
  for (let at = T0; at <= ENDS_AT; at += STEP_MS) {
    const market = draw();
    const said: Record<string, number> = {};
    for (const [feed, part] of Object.entries(COMMON) as [keyof typeof COMMON, number][]) {
      const scale = feed === 'USDT/USD' ? 0.000_03 : 0.001;
      prices[feed] *= 1 + scale * (part * market + Math.sqrt(1 - part * part) * draw());
      for (const venue of Object.keys(NATIVE)) said[`${venue}:${feed}`] = prices[feed];
    }
    driver.to(at, driver.say({ ...said, 'd:BTC/USD': prices['BTC/USD'] / prices['USDT/USD'] }));
    driver.cuts.length = 0;
  }
  return driver.oracle.state();
}

/** Of a symmetric matrix, the pivots of its factorisation: none is negative where it is positive semidefinite. */
function pivots(matrix: readonly (readonly number[])[]): number[] {
  const rows = matrix.map((row) => [...row]);
  return rows.map((pivotRow, place) => {
    const pivot = pivotRow[place]!;
    for (const row of rows.slice(place + 1)) {
      const factor = row[place]! / pivot;
      for (let column = place; column < row.length; column++) row[column]! -= factor * pivotRow[column]!;
    }
    return pivot;
  });
}

describe('risk as it is lived', () => {
  let house: Awaited<ReturnType<typeof startOutbound>>;
  let quorum: Quorum;

  /** An answer's risk root and cut, once its header is known to be signed. */
  const signed = ({ header, signature }: Pick<z.infer<typeof pricesAnswer>, 'header' | 'signature'>) => {
    const [cut, validUntil] = [Number(header.cut), Number(header.validUntil)];
    const [root, riskRoot, configHash] = [header.root, header.riskRoot, header.configHash].map(bytesOf);
    const evidence = evidenceHash({ root: root!, riskRoot: riskRoot!, configHash: configHash! }, plainPrimitives);
    const { signerEpoch } = header;
    const typed = { cut, packedRoot: bytesOf(header.packedRoot), signerEpoch, validUntil, evidence };
    const demands = { nowMs: cut * 10, maxAgeMs: 1_000, minCut: 0 };
    quorum.require(typed, compactSignature(bytesOf(signature)), demands);
    return { cut, riskRoot: riskRoot! };
  };
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`http://127.0.0.1:${house.port}/v1/risk${path}`)).json();
  const together = async () => {
    const answer = dependenceAnswer.parse(await get('/dependence'));
    const { feeds, leaves, sharedFactors } = answer.dependence;
    const proved = leaves.map(({ leaf, proof }) => ({ leaf: bytesOf(leaf), proof: proof.map(bytesOf) }));
    return { feeds, leaves: proved, sharedFactors, header: signed(answer) };
  };

  beforeAll(async () => {
    const [keccak, state] = [await loadKeccak(), await liveHours()];
    const { configHash, network } = PUBLICATION_OF_TESTS;
    const signer = new KeySigner(developmentKey(), await loadSecp256k1(), keccak);
    const at = ENDS_AT + SECOND_MS;
    const cut = new Oracle(PLAN, { keccak, configHash, signerEpoch: 1 }, state).advance(at, [])!;
    const clock = new SteeredClock(at);
    const facts = () => ({ running: true, signerFault: undefined, ledgerFault: undefined });
    house = await startOutbound(PLAN, RestModule.forRoot({ facts, clock }));
    const signature = signer.sign(new HeaderDigest(network, keccak).of(cut.header));
    await house.ledger.append({ cut, signature, alerts: [], operator: [] });
    quorum = new Quorum(network, [{ epoch: 1, threshold: 1, signers: [bytesOf(signer.address)] }], plainPrimitives);
  }, 120_000);
  afterAll(() => house.app.close());

  test('gives correlations that whoever verifies them finds as the market has them', async () => {
    const { header, ...message } = await together();
    expect(message.feeds.map(({ feed }) => feed)).toEqual(['USDT/USD', 'BTC/USD', 'ETH/USD', 'SOL/USD']);
    const { correlation, stress, asOf } = verifyDependence(message, header, plainPrimitives);
    expect(asOf).toBe(header.cut);
    const [[, withTether = NaN] = [], [, , ether = NaN, solana = NaN] = []] = correlation;
    // Of 60 steps and more, after shrinkage.
    expect(Math.abs(withTether)).toBeLessThan(0.3);
    expect(ether).toBeGreaterThan(0.6);
    expect(solana).toBeGreaterThan(0.3);
    expect(stress[1]![2]).toBeCloseTo((1 + ether) / 2, 3);
  });

  test('makes with volatilities a covariance that is positive semidefinite, of both matrices', async () => {
    const { header, ...message } = await together();
    const matrices = verifyDependence(message, header, plainPrimitives);
    const sigmas: number[] = [];
    for (const { feed } of message.feeds) {
      const answer = riskAnswer.parse(await get(`?feed=${feed}`));
      const { leaf, proof } = answer.risk[0]!.leaves[1]!;
      const risk = verifyHorizon(bytesOf(leaf), proof.map(bytesOf), signed(answer), plainPrimitives);
      expect(risk).toMatchObject({ feed, horizonSeconds: 300, asOf: matrices.asOf });
      sigmas.push(risk.sigmaPpm! / 1e6);
    }
    for (const matrix of [matrices.correlation, matrices.stress]) {
      const covariance = matrix.map((row, i) => row.map((rho, j) => rho * sigmas[i]! * sigmas[j]!));
      for (const [place, pivot] of pivots(covariance).entries()) expect(pivot / sigmas[place]! ** 2).toBeGreaterThan(0);
    }
  });

  test('names what feeds rest on beside what was measured', async () => {
    expect((await together()).sharedFactors).toEqual([
      { feed: 'BTC/USD', factor: 'USDT/USD', kind: 'quote', loading: 0.25 },
    ]);
  });

  test.each<[string, (message: Awaited<ReturnType<typeof together>>) => object, string]>([
    [
      'a leaf that was changed',
      ({ leaves: [first, ...rest] }) => ({
        leaves: [{ ...first, leaf: first!.leaf.map((byte, at) => byte ^ +(at === 60)) }, ...rest],
      }),
      'NotInRoot',
    ],
    ['a matrix that is left out', ({ leaves }) => ({ leaves: leaves.slice(0, 1) }), 'a block is missing'],
    [
      'one in the place of the other',
      ({ leaves: [first, second] }) => ({ leaves: [second, first] }),
      'a block is missing',
    ],
    ['names in another order', ({ feeds }) => ({ feeds: feeds.toReversed() }), 'of other feeds'],
    ['nothing at all', () => ({ leaves: [] }), 'length'],
    ['another leaf of risk', () => ({ leaves: [{ leaf: new Uint8Array(53), proof: [] }] }), 'NotInRoot'],
    ['figures as of a later cut', ({ header }) => ({ header: { ...header, cut: header.cut - 1 } }), 'later cut'],
  ])('refuses %s', async (_, change, what) => {
    const honest = await together();
    const told = { ...honest, ...change(honest) };
    expect(() => verifyDependence(told, told.header, plainPrimitives)).toThrow(what);
  });
});
