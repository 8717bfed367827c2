import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutInstant } from '../../src/oracle/units/time';
import type { Ledger, LedgerEntry } from '../../src/outbound/ledger/ledger';
import { LmdbLedger } from '../../src/outbound/ledger/lmdb-ledger';
import { MemoryLedger } from '../../src/outbound/ledger/memory-ledger';
import type { Certificate } from '../../src/outbound/signing/quorum/statements';
import { encodeCertificate, encodeMessage } from '../../src/outbound/signing/quorum/wire';
import { loadKeccak } from '../../src/platform/keccak';
import { LedgerHistory } from '../../src/runtime/quorum/ledger-history';
import { certificateUpon, digestOf } from '../support/certificates';
import { EntryBuilder, twoSourcesEach } from '../support/ledger-entries';
import { MemoryHistory } from '../support/memory-history';
import { describeHistoryContract, type KeptCertificates } from './certificate-history-contract';

/** As many cuts as the ledger serves from memory, and more. */
const BEYOND_MEMORY = 1_300;

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
});

function emptyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'assay-history-'));
  directories.push(directory);
  return directory;
}

async function entries(): Promise<(certificate: Certificate) => LedgerEntry> {
  const builder = new EntryBuilder(twoSourcesEach('BTC/USD'), await loadKeccak());
  return (certificate) => ({
    ...builder.entry(certificate.proposal.cut),
    evidence: encodeCertificate(certificate),
  });
}

async function over(ledger: Ledger, began?: number): Promise<KeptCertificates> {
  const entry = await entries();
  return {
    history: new LedgerHistory(ledger, began),
    keep: (certificate) => ledger.append(entry(certificate)),
    forgetBelow: (cut) => ledger.forget(cutInstant(cut)),
    close: () => ledger.close(),
  };
}

describeHistoryContract('MemoryHistory', () => {
  const history = new MemoryHistory();
  return {
    history,
    keep: (certificate) => history.add(certificate),
    forgetBelow: (cut) => history.forgetBelow(cut),
    close: () => undefined,
  };
});
describeHistoryContract('LedgerHistory over memory', () => over(new MemoryLedger(), 0));
describeHistoryContract('LedgerHistory over the embedded ledger', async () =>
  over(await LmdbLedger.open(emptyDirectory()), 0),
);

describe(LedgerHistory.name, () => {
  test('reaches beyond what the ledger has in memory, and what its own process appended', async () => {
    const directory = emptyDirectory();
    const first = await LmdbLedger.open(directory);
    const kept = await over(first, 0);
    const appended: unknown[] = [];
    for (let cut = 1; cut <= BEYOND_MEMORY; cut += 1) appended.push(kept.keep(certificateUpon(cut - 1, cut)));
    await Promise.all(appended);
    const walk = async ({ history }: KeptCertificates): Promise<number> => {
      let [last, answers] = [0, 0];
      for (;;) {
        const next = await history.after(last, digestOf(last));
        if (next === undefined) throw new Error(`nothing known upon ${last}`);
        if (next.length === 0) return answers;
        expect(next[0]!.proposal.cut).toBe(last + 1);
        last = next.at(-1)!.proposal.cut;
        answers += 1;
      }
    };
    expect(await walk(kept)).toBe(Math.ceil(BEYOND_MEMORY / 32));
    await first.close();

    const again = await over(await LmdbLedger.open(directory));
    expect(await walk(again)).toBe(Math.ceil(BEYOND_MEMORY / 32));
    await again.close();
  });

  test.each([
    ['by the process that began anew', 40],
    ['by a later one', undefined],
  ])('begins with the first cut of the chain, not with what other terms left: served %s', async (_by, began) => {
    const kept = await over(new MemoryLedger(), began);
    for (const [previous, cut] of [
      [20, 30],
      [30, 40],
      [0, 50],
      [50, 60],
    ] as const) {
      await kept.keep(certificateUpon(previous, cut));
    }
    for (const _ of [1, 2]) {
      const certificates = (await kept.history.after(0, digestOf(0)))!;
      expect(certificates.map(({ proposal }) => proposal.cut)).toEqual([50, 60]);
    }
  });

  test('gives no more than a message holds, however large certificates are', async () => {
    const kept = await over(new MemoryLedger(), 0);
    const feeds = new Uint8Array(300_000);
    for (let cut = 1; cut <= 8; cut += 1) await kept.keep(certificateUpon(cut - 1, cut, feeds));
    const certificates = (await kept.history.after(0, digestOf(0)))!;
    expect(certificates).toHaveLength(4);
    expect(encodeMessage({ kind: 'certificates', certificates }).length).toBeLessThan(2 * 1_024 * 1_024);
  });
});
