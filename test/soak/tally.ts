import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LmdbLedger } from '../../src/outbound/ledger/lmdb-ledger';
import { Statements } from '../../src/outbound/signing/quorum/statements';
import { decodeCertificate } from '../../src/outbound/signing/quorum/wire';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import { loadKeccak } from '../../src/platform/keccak';
import type { Resident } from '../support/quorum-house';
import { NETWORK } from '../support/quorum';

export interface Tally {
  readonly cuts: number;
  /** Cut numbers under which two different headers were signed, or two different observations of one signer. */
  readonly reusedCuts: number;
  /** Entries without exactly the threshold of signatures, by different signers. */
  readonly badSignatures: number;
  readonly equivocations: number;
  /** Slots without a cut, by the reason that a process gave. */
  readonly gaps: Readonly<Record<string, number>>;
  readonly unexplainedSlots: number;
}

/** Holds the ledgers of all against each other, once their processes have ended. */
export async function tallyLedgers(residents: readonly Resident[], threshold: number, ticks: number): Promise<Tally> {
  const statements = new Statements(NETWORK, await loadKeccak(), await loadSecp256k1());
  const said = new Map<string, string>();
  const reused = new Set<number>();
  const cuts = new Set<number>();
  let badSignatures = 0;
  const say = (cut: number, who: string, digest: Uint8Array): void => {
    const hex = Buffer.from(digest).toString('hex');
    if ((said.get(`${cut} ${who}`) ?? hex) !== hex) reused.add(cut);
    said.set(`${cut} ${who}`, hex);
  };
  for (const { data } of residents) {
    const ledger = await LmdbLedger.open(data);
    for await (const { cut, signature, evidence } of ledger.read(-1)) {
      const digest = statements.header(cut.header);
      cuts.add(cut.number);
      say(cut.number, 'header', digest);
      const signers = new Set<string | undefined>();
      for (let at = 0; at < signature.length; at += 65) {
        signers.add(statements.signerOf(digest, signature.slice(at, at + 65)));
      }
      if (signers.size !== threshold || signers.has(undefined)) badSignatures += 1;
      for (const one of decodeCertificate(evidence ?? new Uint8Array(0)).proposal.observations) {
        const signed = statements.observation(one);
        say(cut.number, statements.signerOf(signed, one.signature) ?? '', signed);
      }
    }
    await ledger.close();
  }
  const equivocations = residents.filter(({ data }) => existsSync(join(data, 'equivocations.ndjson')));
  return {
    cuts: cuts.size,
    reusedCuts: reused.size,
    badSignatures,
    equivocations: equivocations.reduce(
      (count, { data }) => count + readFileSync(join(data, 'equivocations.ndjson'), 'utf8').trim().split('\n').length,
      0,
    ),
    ...explain(cuts, residents, ticks),
  };
}

/** The reason of each slot that passed without a cut: of those who watched it, the one who heard most. */
function explain(cuts: ReadonlySet<number>, residents: readonly Resident[], ticks: number) {
  const reasons = new Map<number, string>();
  const rank = ['notWatching', 'tooFewObservations', 'publisherSilent', 'tooFewSignatures'];
  for (const gap of residents.flatMap(({ lines }) => lines.flatMap((line) => line.gap ?? []))) {
    for (let slot = gap.from; slot <= gap.to; slot += ticks) {
      if (rank.indexOf(gap.reason) > rank.indexOf(reasons.get(slot) ?? '')) reasons.set(slot, gap.reason);
    }
  }
  const gaps: Record<string, number> = {};
  let unexplainedSlots = 0;
  const [first, last] = [Math.min(...cuts), Math.max(...cuts)];
  for (let slot = first; slot < last; slot += ticks) {
    if (cuts.has(slot)) continue;
    const reason = reasons.get(slot);
    if (reason === undefined || reason === 'notWatching') unexplainedSlots += 1;
    gaps[reason ?? 'none'] = (gaps[reason ?? 'none'] ?? 0) + 1;
  }
  return { gaps, unexplainedSlots };
}
