import type { Header } from '../../../oracle/cut';
import { ByteReader, ByteWriter } from '../../../oracle/reporting/bytes';
import type { Certificate, Observation, Proposal, Vote } from './statements';

/** All that passes between peers. A statement is signed in itself: who handed it on does not matter. */
export type PeerMessage =
  | { readonly kind: 'observation'; readonly observation: Observation }
  | { readonly kind: 'proposal'; readonly proposal: Proposal }
  | { readonly kind: 'vote'; readonly vote: Vote }
  /** Asks for the certificates that follow a cut. */
  | { readonly kind: 'wants'; readonly cut: number; readonly digest: Uint8Array }
  | { readonly kind: 'certificates'; readonly certificates: readonly Certificate[] }
  /** Answers one who asked for what follows a cut that is not, or not any more, in the memory of this peer. */
  | { readonly kind: 'unknownPast'; readonly cut: number };

const KINDS = ['observation', 'proposal', 'vote', 'wants', 'certificates', 'unknownPast'] as const;

const HASH = 32;
const SIGNATURE = 65;
const STATEMENT_BYTES = 6 + HASH + 6 + HASH + SIGNATURE;
const HEADER_BYTES = 6 + 4 * HASH + 4 + 6;

/** Bytes that are no message of a peer's. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

export function encodeMessage(message: PeerMessage): Uint8Array {
  const kind = Uint8Array.of(KINDS.indexOf(message.kind));
  switch (message.kind) {
    case 'observation':
      return Buffer.concat([kind, encodeObservation(message.observation)]);
    case 'proposal':
      return Buffer.concat([kind, encodeProposal(message.proposal)]);
    case 'vote':
      return Buffer.concat([kind, encodeHeader(message.vote.header), message.vote.signature]);
    case 'wants':
      return Buffer.concat([kind, unsigned(6, message.cut), message.digest]);
    case 'certificates':
      return Buffer.concat([
        kind,
        unsigned(1, message.certificates.length),
        ...message.certificates.map(encodeCertificate),
      ]);
    case 'unknownPast':
      return Buffer.concat([kind, unsigned(6, message.cut)]);
  }
}

/** Throws MalformedMessage for bytes that `encodeMessage` never writes. */
export function decodeMessage(bytes: Uint8Array): PeerMessage {
  return decode(bytes, readMessage);
}

/** A certificate for the ledger; `decodeCertificate` reads it back. */
export function encodeCertificate({ proposal, header, signatures }: Certificate): Uint8Array {
  return Buffer.concat([encodeProposal(proposal), encodeHeader(header), unsigned(1, signatures.length), ...signatures]);
}

/** Throws MalformedMessage for bytes that `encodeCertificate` never writes. */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  return decode(bytes, readCertificate);
}

function decode<T>(bytes: Uint8Array, read: (reader: Reader) => T): T {
  const reader = new Reader(bytes);
  try {
    const value = read(reader);
    reader.end();
    return value;
  } catch (error) {
    if (error instanceof RangeError) throw new MalformedMessage(`a message of ${bytes.length} bytes ends too soon`);
    throw error;
  }
}

function readMessage(reader: Reader): PeerMessage {
  const code = reader.unsigned(1);
  const kind = KINDS[code];
  switch (kind) {
    case 'observation':
      return { kind, observation: readObservation(reader) };
    case 'proposal':
      return { kind, proposal: readProposal(reader) };
    case 'vote':
      return { kind, vote: { header: readHeader(reader), signature: reader.take(SIGNATURE) } };
    case 'wants':
      return { kind, cut: reader.unsigned(6), digest: reader.take(HASH) };
    case 'certificates':
      return { kind, certificates: reader.many(readCertificate) };
    case 'unknownPast':
      return { kind, cut: reader.unsigned(6) };
    default:
      throw new MalformedMessage(`kind ${code} is none of ${KINDS.length}`);
  }
}

function encodeObservation(observation: Observation): Uint8Array {
  const { votedCut, voted, feeds } = observation;
  return Buffer.concat([encodeStatement(observation), unsigned(6, votedCut), voted, unsigned(4, feeds.length), feeds]);
}

function readObservation(reader: Reader): Observation {
  const statement = readStatement(reader);
  const votedCut = reader.unsigned(6);
  const voted = reader.take(HASH);
  return { ...statement, votedCut, voted, feeds: reader.take(reader.unsigned(4)) };
}

function encodeProposal(proposal: Proposal): Uint8Array {
  const { observations } = proposal;
  return Buffer.concat([
    encodeStatement(proposal),
    unsigned(1, observations.length),
    ...observations.map(encodeObservation),
  ]);
}

function readProposal(reader: Reader): Proposal {
  const statement = readStatement(reader);
  return { ...statement, observations: reader.many(readObservation) };
}

function readCertificate(reader: Reader): Certificate {
  const proposal = readProposal(reader);
  const header = readHeader(reader);
  return { proposal, header, signatures: reader.many((each) => each.take(SIGNATURE)) };
}

type Statement = Pick<Proposal, 'cut' | 'terms' | 'previousCut' | 'previous' | 'signature'>;

function encodeStatement({ cut, terms, previousCut, previous, signature }: Statement): Uint8Array {
  const bytes = new Uint8Array(STATEMENT_BYTES);
  new ByteWriter(bytes).unsigned(6, cut).raw(terms).unsigned(6, previousCut).raw(previous).raw(signature);
  return bytes;
}

function readStatement(reader: Reader): Statement {
  const cut = reader.unsigned(6);
  const terms = reader.take(HASH);
  const previousCut = reader.unsigned(6);
  return { cut, terms, previousCut, previous: reader.take(HASH), signature: reader.take(SIGNATURE) };
}

function encodeHeader(header: Header): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES);
  const writer = new ByteWriter(bytes).unsigned(6, header.cut);
  for (const hash of [header.root, header.riskRoot, header.packedRoot, header.configHash]) writer.raw(hash);
  writer.unsigned(4, header.signerEpoch).unsigned(6, header.validUntil);
  return bytes;
}

function readHeader(reader: Reader): Header {
  const cut = reader.unsigned(6);
  const root = reader.take(HASH);
  const riskRoot = reader.take(HASH);
  const packedRoot = reader.take(HASH);
  const configHash = reader.take(HASH);
  return {
    cut,
    root,
    riskRoot,
    packedRoot,
    configHash,
    signerEpoch: reader.unsigned(4),
    validUntil: reader.unsigned(6),
  };
}

function unsigned(width: number, value: number): Uint8Array {
  const bytes = new Uint8Array(width);
  new ByteWriter(bytes).unsigned(width, value);
  return bytes;
}

/** Reads fields and never past the end. */
class Reader {
  private readonly fields: ByteReader;
  private offset = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.fields = new ByteReader(bytes);
  }

  unsigned(width: 1 | 4 | 6): number {
    this.advance(width);
    return this.fields.unsigned(width);
  }

  take(length: number): Uint8Array {
    this.advance(length);
    return this.fields.raw(length);
  }

  many<T>(read: (reader: Reader) => T): T[] {
    return Array.from({ length: this.unsigned(1) }, () => read(this));
  }

  end(): void {
    if (this.offset !== this.bytes.length) {
      throw new MalformedMessage(`a message of ${this.bytes.length} bytes should end after ${this.offset}`);
    }
  }

  private advance(length: number): void {
    this.offset += length;
    if (this.offset > this.bytes.length) throw new RangeError('past the end');
  }
}
