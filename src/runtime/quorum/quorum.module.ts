import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import { cutNumberAt } from '../../oracle/units/time';
import { LEDGER, type Ledger } from '../../outbound/ledger/ledger';
import { OPERATOR_INBOX } from '../../outbound/operator/operator-inbox';
import { FileJournal } from '../../outbound/signing/quorum/file-journal';
import { MemoryJournal, type SigningJournal } from '../../outbound/signing/quorum/signing-journal';
import { Statements } from '../../outbound/signing/quorum/statements';
import { loadSecp256k1 } from '../../outbound/signing/secp256k1';
import { SIGNER, type AnySigner } from '../../outbound/signing/signer';
import { statementSigner } from '../../outbound/signing/statement-signer';
import type { QuorumConfiguration } from '../../platform/config/quorum';
import { buildEngine } from '../build-engine';
import type { Outbox } from '../outbox';
import { openOutbox, type RuntimeOptions } from '../runtime.module';
import { TurnService } from '../turn.service';
import { CertifiedEntries } from './certified-entries';
import { LedgerHistory } from './ledger-history';
import { LocalView } from './local-view';
import { QuorumService } from './quorum.service';
import type { QuorumSetting } from './quorum-setting';
import { restoreQuorum, type QuorumSettings } from './restore-quorum';

export interface QuorumRuntimeOptions extends RuntimeOptions {
  readonly quorum: QuorumConfiguration;
  /** The configuration that this one goes on from, for who missed something of it. */
  readonly before?: QuorumSetting;
  /** The one that goes on from this: it ends there, and the peers of that are welcome already. */
  readonly next?: QuorumSetting;
  /** Where ledger, journal and proofs are kept; without one they end with the process, and so may only tests. */
  readonly dataDirectory: string | undefined;
  /** Does not observe, sign or publish; hears, verifies and keeps. */
  readonly follows: boolean;
}

/** What runs in a process of a quorum. */
export class QuorumRuntime {
  constructor(
    readonly outbox: Outbox,
    readonly quorum: QuorumService,
    /** Absent in a process that only follows. */
    readonly turn: TurnService | undefined,
  ) {}
}

/** Provides this process's part in a quorum, continuing where the ledger ends. Needs LEDGER and SIGNER. */
@Module({})
export class QuorumModule {
  static register(options: QuorumRuntimeOptions): DynamicModule {
    const inbox = options.follows ? [] : [{ provide: OPERATOR_INBOX, useExisting: TurnService }];
    const turn = {
      provide: TurnService,
      useFactory: ({ turn: own }: QuorumRuntime) => own,
      inject: [QuorumRuntime],
    };
    return {
      module: QuorumModule,
      global: true,
      providers: [
        {
          provide: QuorumRuntime,
          useFactory: (ledger: Ledger, signer: AnySigner) => openRuntime(options, ledger, signer),
          inject: [LEDGER, SIGNER],
        },
        ...(options.follows ? [] : [turn]),
        ...inbox,
      ],
      exports: [QuorumRuntime, ...(options.follows ? [] : [TurnService, OPERATOR_INBOX])],
    };
  }
}

async function openRuntime(options: QuorumRuntimeOptions, ledger: Ledger, signer: AnySigner): Promise<QuorumRuntime> {
  const { configuration, quorum, before, next, keccak, clock, timers, metrics, log, standing, dataDirectory, follows } =
    options;
  const own = quorum.signers.find(({ address }) => address === signer.address.toLowerCase());
  refuseStranger(signer, quorum, next?.quorum, follows);
  const identity = statementSigner(signer, keccak, standing.signer);
  const statements = new Statements(configuration.plan.network, keccak, await loadSecp256k1());
  const outbox = await openOutbox(ledger, options);
  const present = { configuration, quorum };
  const settings: QuorumSettings = before === undefined ? [present] : [before, present];
  const { chain, alerts, risk, localState } = await restoreQuorum(settings, statements, ledger, log);
  const from = chain.eras.at(-1)?.terms.from ?? 0;
  const view = new LocalView(configuration.plan, outbox);
  const engine = follows ? undefined : buildEngine(configuration, { keccak, signer: undefined, state: localState });
  const turn = engine && new TurnService(engine, clock, timers, view);
  standing.outbox = outbox;
  standing.turn = turn;
  const service = new QuorumService({
    node: {
      chain,
      history: new LedgerHistory(ledger, chain.tip.cut === 0 ? ((await ledger.last())?.cut.number ?? 0) : undefined),
      statements,
      signer: follows ? undefined : identity,
      journal: journalIn(dataDirectory, signer, follows),
      until: next === undefined ? Infinity : cutNumberAt(next.quorum.effectiveFrom ?? Infinity),
      clock,
      timers,
      observe: () => view.observe(),
    },
    mesh: {
      identity,
      statements,
      peers: quorum.signers,
      followers: next === undefined ? quorum.followers : [...quorum.followers, ...addressesOf(next)],
      timers,
      random: Math.random,
    },
    listen: own === undefined ? undefined : listenAt(own.url),
    entries: new CertifiedEntries({
      chain,
      alerts,
      // What is seen here is seen by this configuration's feeds and sources.
      seen: (cut) => (cut < from ? { verdicts: [], operator: [] } : view.take()),
      risk,
      localState: engine && (() => engine.checkpoint()),
    }),
    publish: (entry) => {
      outbox.entry(entry);
    },
    proofsFile: dataDirectory === undefined ? undefined : join(dataDirectory, 'equivocations.ndjson'),
    metrics,
    clock,
    log,
  });
  return new QuorumRuntime(outbox, service, turn);
}

/** All who will have a part. */
function addressesOf({ quorum }: QuorumSetting): readonly string[] {
  return [...quorum.signers.map(({ address }) => address), ...quorum.followers];
}

/** A key that the others would not hear has no business here. */
function refuseStranger(
  signer: AnySigner,
  quorum: QuorumConfiguration,
  next: QuorumConfiguration | undefined,
  follows: boolean,
): void {
  const address = signer.address.toLowerCase();
  const isIn = (set: QuorumConfiguration['signers'] = []): boolean => set.some((one) => one.address === address);
  // Who has a part in the next configuration alone listens until then.
  if (follows ? next?.followers.includes(address) : isIn(next?.signers)) return;
  if (!follows && !isIn(quorum.signers)) {
    const set = quorum.signers.map((one) => one.address).join(', ');
    throw new Error(`${signer.address} is not in the signer set of quorum.yaml (${set}): add it, or give another key`);
  }
  if (follows && (isIn(quorum.signers) || !quorum.followers.includes(address))) {
    throw new Error(
      `${signer.address} is not among the followers of quorum.yaml: a standby has a key of its own, listed there, ` +
        'by which the signers know it and which signs no cut',
    );
  }
}

function journalIn(directory: string | undefined, { address }: AnySigner, follows: boolean): SigningJournal {
  if (directory === undefined || follows) return new MemoryJournal();
  return FileJournal.open(join(directory, `${address.toLowerCase()}.journal`));
}

/** A signer listens where the others look for it, on all interfaces of that port unless the host is an address here. */
function listenAt(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port, protocol } = new URL(url);
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.startsWith('[') || hostname === 'localhost';
  const host = isAddress ? hostname.replace(/[[\]]/g, '') : '0.0.0.0';
  return { host, port: port === '' ? (protocol === 'wss:' ? 443 : 80) : Number(port) };
}
