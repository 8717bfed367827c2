import { closeSync, constants, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { MemoryJournal, type SigningJournal } from './signing-journal';

const NUMBER_BYTES = 8;
const RECORD_BYTES = NUMBER_BYTES + 4;

/**
 * Two records of a cut number and its checksum, written in turn and forced to disk: whatever a crash tears, the other
 * stands. A file of which neither can be read is refused, as a key that forgot how far it spoke might speak twice.
 */
export class FileJournal implements SigningJournal {
  private readonly memory: MemoryJournal;
  private written: number;
  private turn = 0;

  private constructor(
    private readonly file: number,
    before: number,
  ) {
    this.memory = new MemoryJournal(before);
    this.written = before;
  }

  get before(): number {
    return this.memory.before;
  }

  static open(path: string): FileJournal {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const bytes = Buffer.alloc(2 * RECORD_BYTES);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    const records = [bytes.subarray(0, RECORD_BYTES), bytes.subarray(RECORD_BYTES)].map(readRecord);
    const known = records.filter((cut) => cut !== undefined);
    if (length > 0 && known.length === 0) {
      closeSync(file);
      throw new Error(
        `the signing journal ${path} cannot be read, so how far this key has signed is not known: restore it, or retire the key`,
      );
    }
    const journal = new FileJournal(file, Math.max(-Infinity, ...known));
    // Over the older of the two records.
    journal.turn = (records[0] ?? -1) <= (records[1] ?? -1) ? 0 : 1;
    return journal;
  }

  claim(cut: number): boolean {
    if (!this.memory.claim(cut)) return false;
    if (cut === this.written) return true;
    const record = Buffer.alloc(RECORD_BYTES);
    record.writeBigUInt64BE(BigInt(cut));
    record.writeUInt32BE(crc32(record.subarray(0, NUMBER_BYTES)), NUMBER_BYTES);
    writeSync(this.file, record, 0, RECORD_BYTES, this.turn * RECORD_BYTES);
    fsyncSync(this.file);
    this.turn = 1 - this.turn;
    this.written = cut;
    return true;
  }

  close(): void {
    closeSync(this.file);
  }
}

function readRecord(record: Buffer): number | undefined {
  const isWhole = record.readUInt32BE(NUMBER_BYTES) === crc32(record.subarray(0, NUMBER_BYTES));
  const cut = Number(record.readBigUInt64BE());
  return isWhole && cut > 0 ? cut : undefined;
}
