import type { Header } from '../../../oracle/cut';
import { writeUnsigned } from '../../../oracle/reporting/bytes';
import { HeaderDigest } from '../../../oracle/reporting/header-digest';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { addressOf } from '../address';
import type { Secp256k1 } from '../secp256k1';

/** What a signer says of a cut: how it finds every feed. */
export interface Observation {
  readonly cut: number;
  readonly terms: Uint8Array;
  /** The newest cut that this signer knows to be certified, and the digest of its header; zeros before the first. */
  readonly previousCut: number;
  readonly previous: Uint8Array;
  /** The newest cut that this signer signed and does not know to be certified, with the digest; zeros for none. */
  readonly votedCut: number;
  readonly voted: Uint8Array;
  /** `encodeObserved` */
  readonly feeds: Uint8Array;
  readonly signature: Uint8Array;
}

/** What a publisher proposes: a cut that follows from these observations and the certified past. */
export interface Proposal {
  readonly cut: number;
  readonly terms: Uint8Array;
  readonly previousCut: number;
  readonly previous: Uint8Array;
  /** In ascending order of their signers' addresses. */
  readonly observations: readonly Observation[];
  readonly signature: Uint8Array;
}

/** A signature under a snapshot, one of the threshold that it needs. */
export interface Vote {
  readonly header: Header;
  readonly signature: Uint8Array;
}

/** A cut that enough have signed, with all it takes to recompute it. */
export interface Certificate {
  readonly proposal: Proposal;
  readonly header: Header;
  /** Exactly the threshold of them, 65 bytes each, in ascending order of their signers' addresses. */
  readonly signatures: readonly Uint8Array[];
}

const WORD = 32;
const DOMAIN_TYPE = 'EIP712Domain(string name,string version,bytes32 salt)';
const OBSERVATION_TYPE =
  'Observation(uint64 cut,bytes32 terms,uint64 previousCut,bytes32 previous,uint64 votedCut,bytes32 voted,bytes32 feeds)';
const PROPOSAL_TYPE = 'Proposal(uint64 cut,bytes32 terms,uint64 previousCut,bytes32 previous,bytes32 observations)';
const GREETING_TYPE = 'Greeting(bytes32 challenge,bytes32 own,address from,address to)';

type Word = Uint8Array | number | string;

type Unsigned<Statement> = Omit<Statement, 'signature'>;

/** What proves to a peer, who made the challenge, that this end of a connection holds the key of `from`. */
export interface Greeting {
  readonly challenge: Uint8Array;
  /** The challenge that `from` made. */
  readonly own: Uint8Array;
  readonly from: string;
  readonly to: string;
}

/**
 * EIP-712 digests of all that signers tell each other, under the domain of the snapshots: each has a type of its own, so
 * that no signature passes for another. And who signed them. A message is the 66 bytes of which the digest is the hash.
 */
export class Statements {
  private readonly headers: HeaderDigest;
  private readonly domain: Uint8Array;

  constructor(
    network: string,
    readonly keccak: Keccak,
    private readonly curve: Pick<Secp256k1, 'recover'>,
  ) {
    this.headers = new HeaderDigest(network, keccak);
    const { name, version, salt } = this.headers;
    this.domain = this.struct(DOMAIN_TYPE, [this.hash(name), this.hash(version), salt]);
  }

  header(header: Header): Uint8Array {
    return this.headers.of(header);
  }

  headerMessage(header: Header): Uint8Array {
    return this.headers.messageOf(header);
  }

  observation(observation: Unsigned<Observation>): Uint8Array {
    return this.keccak(this.observationMessage(observation));
  }

  observationMessage(observation: Unsigned<Observation>): Uint8Array {
    const { cut, terms, previousCut, previous, votedCut, voted, feeds } = observation;
    return this.message(OBSERVATION_TYPE, [cut, terms, previousCut, previous, votedCut, voted, this.keccak(feeds)]);
  }

  /** Who signed an observation. */
  observer(observation: Observation): string | undefined {
    return this.signerOf(this.observation(observation), observation.signature);
  }

  proposal(proposal: Unsigned<Proposal>): Uint8Array {
    return this.keccak(this.proposalMessage(proposal));
  }

  proposalMessage({ cut, terms, previousCut, previous, observations }: Unsigned<Proposal>): Uint8Array {
    const listed = this.keccak(Buffer.concat(observations.map((one) => this.observation(one))));
    return this.message(PROPOSAL_TYPE, [cut, terms, previousCut, previous, listed]);
  }

  greeting(greeting: Greeting): Uint8Array {
    return this.keccak(this.greetingMessage(greeting));
  }

  greetingMessage({ challenge, own, from, to }: Greeting): Uint8Array {
    return this.message(GREETING_TYPE, [challenge, own, from, to]);
  }

  /** The address in small letters behind a signature, or undefined where it is none. */
  signerOf(digest: Uint8Array, signature: Uint8Array): string | undefined {
    const key = this.curve.recover(digest, signature);
    return key && addressOf(key, this.keccak).toLowerCase();
  }

  private message(type: string, fields: readonly Word[]): Uint8Array {
    return Buffer.concat([Buffer.from([0x19, 0x01]), this.domain, this.struct(type, fields)]);
  }

  private struct(type: string, fields: readonly Word[]): Uint8Array {
    return this.keccak(Buffer.concat([this.hash(type), ...fields.map(word)]));
  }

  private hash(text: string): Uint8Array {
    return this.keccak(Buffer.from(text));
  }
}

/** Hashes as they are, numbers and addresses to the right of their word. */
function word(field: Word): Uint8Array {
  const bytes = new Uint8Array(WORD);
  if (typeof field === 'number') writeUnsigned(bytes, WORD - 8, 8, field);
  else if (typeof field === 'string') bytes.set(Buffer.from(field.slice(2), 'hex'), WORD - 20);
  else bytes.set(field);
  return bytes;
}
