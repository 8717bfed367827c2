import { appendFile } from 'node:fs/promises';
import type { Logger } from 'pino';
import { cutInstant, SECOND_MS } from '../../oracle/units/time';
import type { Equivocation } from '../../outbound/signing/quorum/equivocation';
import type { NodeOutlets, NodeParts } from '../../outbound/signing/quorum/node-parts';
import { QuorumNode } from '../../outbound/signing/quorum/quorum-node';
import { PeerMesh, type MeshParts } from '../../outbound/signing/quorum/transport/peer-mesh';
import type { Clock } from '../../platform/clock/clock';
import type { Metrics } from '../../platform/metrics/metrics';
import type { LedgerEntry } from '../../outbound/ledger/ledger';
import type { CertifiedEntries } from './certified-entries';

export interface QuorumServiceParts {
  readonly node: Omit<NodeParts, 'network' | 'outlets'>;
  readonly mesh: Omit<MeshParts, 'receive' | 'log'>;
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  readonly entries: CertifiedEntries;
  /** In order; must not throw. */
  readonly publish: (entry: LedgerEntry) => void;
  /** Where proofs of lies are kept, a line each. */
  readonly proofsFile: string | undefined;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** This process's part in a quorum, on the wire: what is certified goes to the ledger, what is amiss to the log. */
export class QuorumService implements NodeOutlets {
  private readonly mesh: PeerMesh;
  private readonly node: QuorumNode;

  constructor(private readonly parts: QuorumServiceParts) {
    const { log } = parts;
    this.mesh = new PeerMesh({
      ...parts.mesh,
      receive: (from, message) => {
        this.node.receive(from, message);
      },
      log: ({ kind, peer, reason }) => {
        log.info({ peer, reason }, `peer ${kind}`);
      },
    });
    this.node = new QuorumNode({ ...parts.node, network: this.mesh, outlets: this });
  }

  async start(): Promise<void> {
    await this.mesh.start(this.parts.listen);
    this.node.start();
  }

  async stop(): Promise<void> {
    this.node.stop();
    await this.mesh.stop();
  }

  certified(...[certificate, cut]: Parameters<NodeOutlets['certified']>): void {
    const { entries, publish, metrics, clock } = this.parts;
    metrics.quorumSeconds.observe(Math.max(0, clock.now() - cutInstant(cut.number)) / SECOND_MS);
    metrics.quorumPeers.set(this.mesh.connected.length);
    publish(entries.entry(certificate, cut));
  }

  gap(gap: Parameters<NodeOutlets['gap']>[0]): void {
    this.parts.metrics.quorumGaps.inc({ reason: gap.reason });
    this.parts.log.warn({ gap }, `no cut from ${gap.from} to ${gap.to}: ${gap.reason}`);
  }

  equivocated(proof: Equivocation): void {
    const { log, metrics, proofsFile } = this.parts;
    metrics.quorumEquivocations.inc({ kind: proof.kind });
    log.error({ proof }, `signer ${proof.signer} said two things about cut ${proof.cut}: remove it from the set`);
    if (proofsFile === undefined) return;
    appendFile(proofsFile, `${JSON.stringify(proof)}\n`).catch((error: unknown) => {
      log.error({ error }, `the proof could not be kept in ${proofsFile}; it stands in this log`);
    });
  }

  refused(...[from, kind, reason]: Parameters<NodeOutlets['refused']>): void {
    this.parts.metrics.quorumRefusals.inc({ kind });
    this.parts.log.debug({ from, kind, reason }, `a ${kind} was not heeded: ${reason}`);
  }

  stranded(cut: number): void {
    this.parts.log.error(
      { cut },
      `a peer is at cut ${cut}, and its ledger does not have what follows upon our past: unless another has, ` +
        'stop this process, replace its data directory by a copy of that of a peer, keep its journal, start it again',
    );
  }
}
