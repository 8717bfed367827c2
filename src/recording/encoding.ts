import { finished } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';

/** How the text of a recording becomes the bytes of its file. Calls do not overlap. */
export interface LineEncoding {
  /** Bytes from which, with those before them, the whole text can be read back even if nothing follows. */
  encode(text: string): Promise<Uint8Array>;
  /** Bytes that end the file. */
  end(): Promise<Uint8Array>;
}

export const plainEncoding: LineEncoding = {
  encode: (text) => Promise.resolve(Buffer.from(text)),
  end: () => Promise.resolve(Buffer.alloc(0)),
};

/** One gzip stream with a sync flush after each text: as small as one piece, readable up to the last flush. */
export class GzipEncoding implements LineEncoding {
  private readonly gzip = createGzip();
  private produced: Buffer[] = [];

  constructor() {
    this.gzip.on('data', (bytes: Buffer) => this.produced.push(bytes));
  }

  async encode(text: string): Promise<Uint8Array> {
    this.gzip.write(text);
    await new Promise<void>((resolve) => {
      this.gzip.flush(constants.Z_SYNC_FLUSH, resolve);
    });
    return this.taken();
  }

  async end(): Promise<Uint8Array> {
    this.gzip.end();
    await finished(this.gzip);
    return this.taken();
  }

  private taken(): Uint8Array {
    const bytes = Buffer.concat(this.produced);
    this.produced = [];
    return bytes;
  }
}
