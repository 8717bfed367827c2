import { loadKeccak } from '../../src/platform/keccak';
import { LmdbLedger } from '../../src/outbound/ledger/lmdb-ledger';
import { EntryBuilder, twoSourcesEach } from './ledger-entries';

/** Appends to the ledger in the directory of the first argument, printing each cut once it is acknowledged. */
async function appendUntilKilled(): Promise<never> {
  const ledger = await LmdbLedger.open(process.argv[2]!);
  const builder = new EntryBuilder(twoSourcesEach('BTC/USD'), await loadKeccak());
  for (let cut = 1; ; cut += 1) {
    await ledger.append(builder.first(cut, { cut }));
    process.stdout.write(`${cut}\n`);
  }
}

void appendUntilKilled();
