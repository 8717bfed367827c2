import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { OraclePlan } from '../oracle/plan';
import { dialectNames } from '../inbound/venues/registry';
import { HeaderDigest } from '../oracle/reporting/header-digest';
import type { Ledger } from '../outbound/ledger/ledger';
import { LmdbLedger } from '../outbound/ledger/lmdb-ledger';
import { loadConfiguration } from '../platform/config/load';
import { loadKeccak } from '../platform/keccak';
import { ReportLines, type ReportLineOptions } from '../recording/report-lines';

export interface LedgerOptions extends ReportLineOptions {
  readonly config: string;
  readonly data: string;
  readonly out: string;
}

/** `assay ledger`: what a service published, in the lines that `assay replay` writes, so that the two can be compared. */
export async function run(options: LedgerOptions): Promise<void> {
  const { plan } = loadConfiguration(options.config, dialectNames);
  const digest = new HeaderDigest(plan.network, await loadKeccak());
  const ledger = await LmdbLedger.open(options.data);
  try {
    await pipeline(lines(ledger, plan, digest, options), createWriteStream(options.out, { flags: 'wx' }));
  } finally {
    await ledger.close();
  }
}

async function* lines(
  ledger: Ledger,
  plan: OraclePlan,
  digest: HeaderDigest,
  options: ReportLineOptions,
): AsyncGenerator<string> {
  const reportLines = new ReportLines(plan, options);
  for await (const { cut, alerts, signature } of ledger.read(-1)) {
    for (const line of reportLines.of(cut, { alerts, signature, digest: digest.of(cut.header) })) yield `${line}\n`;
  }
}
