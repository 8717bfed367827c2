import { decodeMessage, encodeMessage, MalformedMessage, type PeerMessage } from './wire';
import type { Statements } from './statements';

/** Two statements of one kind about one cut, by one key, that differ: both are signed, so this proves itself. */
export interface Equivocation {
  readonly kind: StatementKind;
  readonly signer: string;
  readonly cut: number;
  /** The two messages as peers send them, in hex. */
  readonly first: string;
  readonly second: string;
}

type StatementKind = 'observation' | 'proposal' | 'vote';
export type Statement = Extract<PeerMessage, { kind: StatementKind }>;

/** A key says one thing of a kind about a cut. Statements older than this many cuts behind the newest are forgotten. */
const REMEMBERED = 64;

interface Said {
  readonly digest: Buffer;
  readonly statement: Statement;
  proved: boolean;
}

interface Hearing {
  /** The first of its kind by its signer about its cut. */
  readonly isNew: boolean;
  readonly proof: Equivocation | undefined;
}

/** Remembers what each key said and notices when it says something else. */
export class Witness {
  private readonly cuts = new Map<number, Map<string, Said>>();

  /** Takes a statement whose signer is known. With the first contradiction to what that said before comes a proof. */
  hear(statement: Statement, signer: string, digest: Uint8Array): Hearing {
    const cut = cutOf(statement);
    const said = this.about(cut);
    const key = `${statement.kind} ${signer}`;
    const before = said.get(key);
    if (before === undefined) {
      said.set(key, { digest: Buffer.from(digest), statement, proved: false });
      return { isNew: true, proof: undefined };
    }
    if (before.proved || before.digest.equals(digest)) return { isNew: false, proof: undefined };
    before.proved = true;
    const [first, second] = [before.statement, statement].map(hexOf) as [string, string];
    return { isNew: false, proof: { kind: statement.kind, signer, cut, first, second } };
  }

  private about(cut: number): Map<string, Said> {
    const known = this.cuts.get(cut);
    if (known !== undefined) return known;
    const said = new Map<string, Said>();
    this.cuts.set(cut, said);
    if (this.cuts.size > REMEMBERED) this.cuts.delete(Math.min(...this.cuts.keys()));
    return said;
  }
}

/** Checks a proof with nothing but the network's name behind `statements`: what is wrong with it in words, or undefined. */
export function equivocationFault(proof: Equivocation, statements: Statements): string | undefined {
  const told = [proof.first, proof.second].map((hex) => readStatement(hex));
  const digests: Buffer[] = [];
  for (const statement of told) {
    if (statement === undefined) return 'a part of it is no signed statement';
    if (statement.kind !== proof.kind) return `a part of it is of kind ${statement.kind}, not ${proof.kind}`;
    if (cutOf(statement) !== proof.cut) return `a part of it is about cut ${cutOf(statement)}, not ${proof.cut}`;
    const { digest, signature } = signedBy(statement, statements);
    if (statements.signerOf(digest, signature) !== proof.signer) return `a part of it is not signed by ${proof.signer}`;
    digests.push(Buffer.from(digest));
  }
  const [first, second] = digests;
  return first !== undefined && second?.equals(first) === true ? 'both parts say the same' : undefined;
}

/** What is signed in a statement, and by which signature. */
export function signedBy(
  statement: Statement,
  statements: Statements,
): { readonly digest: Uint8Array; readonly signature: Uint8Array } {
  switch (statement.kind) {
    case 'observation':
      return { digest: statements.observation(statement.observation), signature: statement.observation.signature };
    case 'proposal':
      return { digest: statements.proposal(statement.proposal), signature: statement.proposal.signature };
    case 'vote':
      return { digest: statements.header(statement.vote.header), signature: statement.vote.signature };
  }
}

function cutOf(statement: Statement): number {
  switch (statement.kind) {
    case 'observation':
      return statement.observation.cut;
    case 'proposal':
      return statement.proposal.cut;
    case 'vote':
      return statement.vote.header.cut;
  }
}

function hexOf(statement: Statement): string {
  return Buffer.from(encodeMessage(statement)).toString('hex');
}

function readStatement(hex: string): Statement | undefined {
  try {
    const message = decodeMessage(Buffer.from(hex, 'hex'));
    return message.kind === 'observation' || message.kind === 'proposal' || message.kind === 'vote'
      ? message
      : undefined;
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}
