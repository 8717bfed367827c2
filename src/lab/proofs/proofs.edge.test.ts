import { secp256k1 } from '@noble/curves/secp256k1';
import { verifyLeaf } from '../../../client/verifier/price-leaf';
import { plainPrimitives } from '../../../client/verifier/primitives';
import { Quorum } from '../../../client/verifier/quorum';
import { Refusal } from '../../../client/verifier/refusal';
import { readNodes } from '../../commands/lab/read-nodes';
import { dialectNames } from '../../inbound/venues/registry';
import { compactSignature } from '../../oracle/reporting/packed-message';
import type { Keccak } from '../../oracle/reporting/keccak';
import { loadConfiguration } from '../../platform/config/load';
import { loadKeccak } from '../../platform/keccak';
import { allProofs, PROOF_NAMES } from './all-proofs';
import { addressOf, Consumer, type Presented } from './consumer';
import { rehearse } from './rehearse';
import { KEY, publishCalm, type Snapshot } from './replayed-snapshots';

const configuration = loadConfiguration('config/lab', dialectNames);

describe('the proofs', () => {
  it.each(allProofs(readNodes))('$name is met', async ({ prove }) => {
    expect((await prove(configuration)).filter(({ met }) => !met)).toEqual([]);
  });

  it('have the names that scenarios may not take', () => {
    expect(allProofs(readNodes).map(({ name }) => name)).toEqual(PROOF_NAMES);
  });

  it('tell a chain that believes whichever node speaks first', async () => {
    const believing = allProofs(([first]) => Promise.resolve(first?.answerAt(first.height)));
    const checks = await believing.find(({ name }) => name === 'lyingNode')!.prove(configuration);
    expect(checks.every(({ met }) => met)).toBe(false);
  });
});

describe('a rehearsal', () => {
  it('of nothing refuses nothing', () => {
    expect(rehearse(configuration, configuration, [], 1)).toEqual([]);
  });
});

describe('the consumer', () => {
  let keccak: Keccak;
  let honest: readonly Snapshot[];
  beforeAll(async () => {
    keccak = await loadKeccak();
    honest = publishCalm(configuration, keccak);
  });

  const changes: readonly (readonly [string, number, (newest: Snapshot, old: Snapshot) => Partial<Presented>])[] = [
    ['what is new', 1, () => ({})],
    ['what is old', 1, (_, old) => old],
    ['what is withheld', 2_500, () => ({})],
    ['what is no longer valid', 6_000, () => ({})],
    ['the leaf of another cut', 1, (_, { leaf, proof }) => ({ leaf, proof })],
    ['a changed header', 1, ({ header }) => ({ header: { ...header, validUntil: header.validUntil + 1 } })],
    ['another epoch', 1, ({ header }) => ({ header: { ...header, signerEpoch: header.signerEpoch + 1 } })],
  ];

  it.each(changes)("says of %s what the client's verifier says", (_, laterMs, change) => {
    const priced = honest.filter(({ hasPrice }) => hasPrice);
    const newest = priced.at(-1)!;
    const shown = { ...newest, ...change(newest, priced.at(-400)!) };
    const now = newest.at + laterMs;
    const signer = addressOf(secp256k1.getPublicKey(KEY, false), keccak);
    const { plan, service } = configuration;
    const consumer = new Consumer({
      network: plan.network,
      feed: 'BTC/USD',
      signer,
      epoch: service.signer.epoch,
      keccak,
    });
    consumer.take(newest, newest.at + 1);
    const believed = consumer.take(shown, now);
    expect('refused' in believed ? believed.refused : 'verified').toBe(clientOn(shown, now, newest, signer));
  });

  function clientOn(shown: Presented, nowMs: number, newest: Snapshot, signer: Uint8Array): string {
    const sets = [{ epoch: configuration.service.signer.epoch, threshold: 1, signers: [signer] }];
    const quorum = new Quorum(configuration.plan.network, sets, plainPrimitives);
    const signed = { header: shown.header, signatures: compactSignature(shown.signature) };
    const demands = { nowMs, maxAgeMs: 2_000, minCut: newest.header.cut };
    try {
      verifyLeaf(shown.leaf, shown.proof, signed, quorum, demands, plainPrimitives);
      return 'verified';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      throw error;
    }
  }
});
