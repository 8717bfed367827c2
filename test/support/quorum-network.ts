import type { CertifiedCut } from '../../src/oracle/certifying/certifier';
import type { ObservedFeed } from '../../src/oracle/certifying/observed-feed';
import type { OraclePlan } from '../../src/oracle/plan';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { Chain, type ChainPast } from '../../src/outbound/signing/quorum/chain';
import type { Equivocation } from '../../src/outbound/signing/quorum/equivocation';
import { openEra, type Era, type Eras } from '../../src/outbound/signing/quorum/eras';
import { QuorumNode } from '../../src/outbound/signing/quorum/quorum-node';
import { MemoryJournal } from '../../src/outbound/signing/quorum/signing-journal';
import type { Gap } from '../../src/outbound/signing/quorum/slots';
import { Statements, type Certificate } from '../../src/outbound/signing/quorum/statements';
import type { QuorumTerms } from '../../src/outbound/signing/quorum/terms';
import { decodeMessage, encodeMessage, type PeerMessage } from '../../src/outbound/signing/quorum/wire';
import type { KeySigner } from '../../src/outbound/signing/key-signer';
import { statementSigner, type StatementSigner } from '../../src/outbound/signing/statement-signer';
import type { Secp256k1 } from '../../src/outbound/signing/secp256k1';
import { MemoryHistory } from './memory-history';
import { SteeredClock } from './steered-clock';

const LATENCY_MS = 5;

export interface NetworkOptions {
  readonly plan: OraclePlan;
  /** In ascending order of their addresses. */
  readonly signers: readonly KeySigner[];
  readonly threshold: number;
  readonly curve: Secp256k1;
  readonly keccak: Keccak;
  /** What becomes of a member's signatures on their way from a key that is elsewhere; absent where all keys are here. */
  readonly signing?: (signer: KeySigner, index: number, network: QuorumNetwork) => StatementSigner | undefined;
  /** What the network goes over to. */
  readonly next?: NextEra;
}

export interface NextEra {
  readonly plan: OraclePlan;
  /** In ascending order of their addresses. Those who are new are members after the others. */
  readonly signers: readonly KeySigner[];
  /** What else differs; `from`, always. */
  readonly terms: Partial<QuorumTerms> & Pick<QuorumTerms, 'from'>;
}

/** What a member sees of every feed now; the test decides. */
export type Sight = (now: number, member: number) => readonly ObservedFeed[];

/** As `Sight`, of the feeds of a cut's era. */
type SightOfCut = (...about: [...Parameters<Sight>, cut: number]) => ReturnType<Sight>;

/** What a member's message to another becomes on its way: itself, others in its place, or nothing. */
export type Interference = (to: number, message: PeerMessage) => readonly PeerMessage[];

const AS_IT_IS: Interference = (_to, message) => [message];

/** One signer of the simulated network and all that it told its process. */
export class Member {
  readonly certified: { readonly certificate: Certificate; readonly cut: CertifiedCut }[] = [];
  readonly gaps: Gap[] = [];
  readonly proofs: Equivocation[] = [];
  readonly refusals: string[] = [];
  readonly stranded: number[] = [];
  node: QuorumNode | undefined;
  journal = new MemoryJournal();
  history = new MemoryHistory();
  chain: Chain | undefined;
  private waiting: (() => void)[] | undefined;
  /** How far its clock is behind, in milliseconds. */
  behindMs = 0;
  interference = AS_IT_IS;
  /** Of which eras its process was told, from its next start on. */
  knows: 'both' | 'first' | 'next' = 'both';

  constructor(readonly index: number) {}

  get frozen(): boolean {
    return this.waiting !== undefined;
  }

  /** Stopped like a process by SIGSTOP: it neither hears nor acts, and what was sent to it waits. */
  set frozen(isFrozen: boolean) {
    const waited = this.waiting ?? [];
    this.waiting = isFrozen ? waited : undefined;
    if (!isFrozen) for (const act of waited) act();
  }

  whenAwake(act: () => void): void {
    if (this.waiting === undefined) act();
    else this.waiting.push(act);
  }
}

/** Signers in one process: time is steered, messages take a few milliseconds and pass through their bytes. */
export class QuorumNetwork {
  readonly clock = new SteeredClock(1_700_000_000_000);
  readonly members: readonly Member[];
  readonly statements: Statements;
  /** Those of the first era. */
  readonly terms: QuorumTerms;
  private readonly keys: readonly KeySigner[];
  private readonly first: Era;
  private readonly next: Era | undefined;

  constructor(
    private readonly options: NetworkOptions,
    public sight: SightOfCut,
  ) {
    const { plan, signers, threshold, keccak, curve, next } = options;
    this.statements = new Statements(plan.network, keccak, recoveringOnce(curve));
    this.terms = {
      signers: addressesOf(signers),
      threshold,
      toleranceBps: 50,
      cutEveryMs: 200,
      epoch: 1,
      from: 0,
      configHash: new Uint8Array(32).fill(7),
    };
    this.first = openEra(this.terms, plan, keccak);
    this.next =
      next && openEra({ ...this.terms, signers: addressesOf(next.signers), ...next.terms }, next.plan, keccak);
    this.keys = [...new Set([...signers, ...(next?.signers ?? [])])];
    this.members = this.keys.map((_, index) => new Member(index));
    for (const member of this.members) this.start(member);
  }

  /** A process begins: with the journal of the one before, and a past of these certificates, or as of a checkpoint. */
  start(member: Member, kept: readonly Certificate[] = [], past?: ChainPast): void {
    const { statements } = this;
    member.journal = new MemoryJournal(member.journal.spoken);
    member.history = new MemoryHistory();
    const chain = new Chain({ statements, eras: this.erasOf(member), ...(past && { past }) });
    for (const certificate of kept) {
      chain.append(certificate);
      member.history.add(certificate);
    }
    const clock = { now: () => this.clock.now() - member.behindMs };
    const timers = {
      arm: (delayMs: number, fire: () => void) =>
        this.clock.arm(delayMs, () => {
          member.whenAwake(fire);
        }),
    };
    const node = new QuorumNode({
      chain,
      history: { after: (cut, digest) => member.history.after(cut, digest) },
      statements,
      signer: this.signerOf(member.index),
      journal: member.journal,
      clock,
      timers,
      network: {
        broadcast: (message) => {
          for (const other of this.members) if (other !== member) this.carry(member, other, message);
        },
        send: (to, message) => {
          const other = this.members[addressesOf(this.keys).indexOf(to)];
          if (other !== undefined) this.carry(member, other, message);
        },
      },
      observe: (cut) => this.sight(clock.now(), member.index, cut),
      outlets: {
        certified: (certificate, cut) => {
          member.history.add(certificate);
          member.certified.push({ certificate, cut });
        },
        gap: (gap) => void member.gaps.push(gap),
        equivocated: (proof) => void member.proofs.push(proof),
        refused: (_from, kind, reason) => void member.refusals.push(`${kind}: ${reason}`),
        stranded: (cut) => void member.stranded.push(cut),
      },
    });
    member.node = node;
    member.chain = chain;
    node.start();
  }

  private erasOf({ knows }: Member): Eras {
    const { first, next } = this;
    if (next === undefined || knows === 'first') return [first];
    return knows === 'next' ? [next] : [first, next];
  }

  private signerOf(index: number): StatementSigner | undefined {
    const { signing, keccak } = this.options;
    const signer = this.keys[index];
    return signer && (signing?.(signer, index, this) ?? statementSigner(signer, keccak));
  }

  kill(member: Member): void {
    member.node?.stop();
    member.node = undefined;
  }

  /** A process that is killed goes on over its own data. */
  restart(member: Member): void {
    this.kill(member);
    this.start(
      member,
      member.certified.map(({ certificate }) => certificate),
    );
  }

  /** Sends as if the member itself had. */
  carry(from: Member, to: Member, message: PeerMessage): void {
    const sender = addressesOf(this.keys)[from.index] ?? '';
    for (const sent of from.interference(to.index, message)) {
      const bytes = encodeMessage(sent);
      const { node } = to;
      this.clock.arm(LATENCY_MS, () => {
        to.whenAwake(() => {
          if (to.node === node) node?.receive(sender, decodeMessage(bytes));
        });
      });
    }
  }
}

/** Members check each other's signatures, each several times: in one process the same work, which is done once. */
function recoveringOnce(curve: Secp256k1): Pick<Secp256k1, 'recover'> {
  const known = new Map<string, Uint8Array | undefined>();
  return {
    recover: (digest, signature) => {
      const key = Buffer.concat([digest, signature]).toString('latin1');
      if (!known.has(key)) known.set(key, curve.recover(digest, signature));
      return known.get(key);
    },
  };
}

function addressesOf(keys: readonly KeySigner[]): string[] {
  return keys.map(({ address }) => address.toLowerCase());
}
