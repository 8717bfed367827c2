import { closeSync, constants, fdatasyncSync, fsyncSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { MemoryJournal, type SigningJournal, type Spoken } from './signing-journal';
import type { Vote } from './statements';
import { decodeMessage, encodeMessage } from './wire';

/** A record has a block of the disk to itself, so that a write that a crash tears spoils no other. */
const BLOCK_BYTES = 4_096;
const CUT_BYTES = 8;
/** The length of the vote, then the vote as peers send it. */
const HEAD_BYTES = CUT_BYTES + 2;
const CHECKSUM_BYTES = 4;

/**
 * Two records of the highest cut claimed and the last vote, with a checksum, written in turn and forced to disk: whatever
 * a crash tears, which nobody was told of, the other stands. A file of which neither can be read is refused, as a key
 * that forgot how far it spoke might speak twice.
 */
export class FileJournal implements SigningJournal {
  private readonly memory: MemoryJournal;
  private written: Spoken;

  private constructor(
    private readonly file: number,
    before: Spoken | undefined,
    /** The record to be written next: the older one. */
    private turn: 0 | 1,
  ) {
    this.memory = new MemoryJournal(before);
    this.written = this.memory.spoken;
  }

  get before(): Spoken {
    return this.memory.before;
  }

  static open(path: string): FileJournal {
    mkdirSync(dirname(path), { recursive: true });
    const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    const bytes = Buffer.alloc(2 * BLOCK_BYTES);
    const length = readSync(file, bytes, 0, bytes.length, 0);
    const [first, second] = [readRecord(bytes.subarray(0, BLOCK_BYTES)), readRecord(bytes.subarray(BLOCK_BYTES))];
    if (length === 0) forceName(path);
    else if (first === undefined && second === undefined) {
      closeSync(file);
      throw new Error(
        `the signing journal ${path} cannot be read, so how far this key has signed is not known: restore it, or retire the key`,
      );
    }
    return isLater(first, second) ? new FileJournal(file, first, 1) : new FileJournal(file, second, 0);
  }

  claim(cut: number): boolean {
    if (!this.memory.claim(cut)) return false;
    this.force();
    return true;
  }

  keep(vote: Vote, nextCut: number): void {
    this.memory.keep(vote, nextCut);
    this.force();
  }

  close(): void {
    closeSync(this.file);
  }

  private force(): void {
    const { spoken } = this.memory;
    if (spoken === this.written) return;
    const record = encodeRecord(spoken);
    writeSync(this.file, record, 0, record.length, this.turn * BLOCK_BYTES);
    fdatasyncSync(this.file);
    this.turn = this.turn === 0 ? 1 : 0;
    this.written = spoken;
  }
}

function encodeRecord({ claimed, vote }: Spoken): Buffer {
  const told = vote === undefined ? new Uint8Array(0) : encodeMessage({ kind: 'vote', vote });
  const record = Buffer.alloc(HEAD_BYTES + told.length + CHECKSUM_BYTES);
  record.writeBigUInt64BE(BigInt(claimed));
  record.writeUInt16BE(told.length, CUT_BYTES);
  record.set(told, HEAD_BYTES);
  const end = HEAD_BYTES + told.length;
  record.writeUInt32BE(crc32(record.subarray(0, end)), end);
  return record;
}

function readRecord(block: Buffer): Spoken | undefined {
  const claimed = Number(block.readBigUInt64BE());
  const end = HEAD_BYTES + block.readUInt16BE(CUT_BYTES);
  if (claimed === 0 || end + CHECKSUM_BYTES > BLOCK_BYTES) return undefined;
  if (block.readUInt32BE(end) !== crc32(block.subarray(0, end))) return undefined;
  return { claimed, vote: end === HEAD_BYTES ? undefined : readVote(block.subarray(HEAD_BYTES, end)) };
}

function readVote(bytes: Uint8Array): Vote | undefined {
  const message = decodeMessage(bytes);
  return message.kind === 'vote' ? message.vote : undefined;
}

/** Each record claims more than the one before, or as much with a later vote. */
function isLater(one: Spoken | undefined, other: Spoken | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  if (one.claimed !== other.claimed) return one.claimed > other.claimed;
  return (one.vote?.header.cut ?? 0) > (other.vote?.header.cut ?? 0);
}

/** A file whose name a crash could take away would be forgotten whole. */
function forceName(path: string): void {
  const directory = openSync(dirname(path), constants.O_RDONLY);
  fsyncSync(directory);
  closeSync(directory);
}
