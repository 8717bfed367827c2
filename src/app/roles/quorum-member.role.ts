import { dialectNames } from '../../inbound/venues/registry';
import { isRemote, SIGNER, type AnySigner, type Signer } from '../../outbound/signing/signer';
import { proveSuccession } from '../../outbound/signing/quorum/succession';
import { systemClock, systemTimers } from '../../platform/clock/system-clock';
import { loadConfiguration } from '../../platform/config/load';
import { loadQuorum } from '../../platform/config/quorum';
import { termsOf, type QuorumSetting } from '../../runtime/quorum/quorum-setting';
import { QuorumMemberModule, type QuorumMemberOptions } from '../quorum-member.module';
import { startApplication, type RunningService } from '../start-application';
import { serveInTurn } from './serve-in-turn';
import type { ServeOptions, Serving } from './serve-options';
import { signingSettings } from './signing-settings';

/** One of the signers of quorum.yaml: hears the venues, observes, certifies with the others, serves what is certified. */
export function serveSigner(options: ServeOptions): Promise<Serving> {
  return serveMember(options, false);
}

/** Hears what the signers certify, verifies and keeps it, and serves it: ready to take over their subscribers. */
export function serveStandby(options: ServeOptions): Promise<Serving> {
  return serveMember(options, true);
}

async function serveMember(options: ServeOptions, follows: boolean): Promise<Serving> {
  const present = settingIn(options.config);
  if (options.next === undefined) return startMember(options, { ...present, follows });
  const next = settingIn(options.next);
  const { effectiveFrom: at = 0 } = next.quorum;
  proveGoingOver(options, present, next);
  let opened: Signer | undefined;
  return serveInTurn({
    at,
    first: async () => {
      const first = await startMember(options, { ...present, next, follows });
      const signer = first.app.get<AnySigner>(SIGNER, { strict: false });
      opened = isRemote(signer) ? undefined : signer;
      return first;
    },
    second: () => startMember(options, { ...next, before: present, follows }, opened),
    failed: (error) => {
      process.stderr.write(`assay: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    },
    clock: systemClock,
    timers: systemTimers,
  });
}

function startMember(
  options: ServeOptions,
  part: Pick<QuorumMemberOptions, 'configuration' | 'quorum' | 'before' | 'next' | 'follows'>,
  opened?: Signer,
): Promise<RunningService> {
  const { http } = part.configuration.service;
  const member = {
    ...part,
    signing: { ...signingSettings(options, part.configuration), opened },
    dataDirectory: options.data,
    recordFile: options.record,
    environment: process.env,
  };
  return startApplication((parts) => QuorumMemberModule.register(member, parts), member, {
    host: options.host ?? http.host,
    port: Number(options.port ?? http.port),
  });
}

function settingIn(directory: string): QuorumSetting {
  return { configuration: loadConfiguration(directory, dialectNames), quorum: loadQuorum(directory) };
}

function proveGoingOver(options: ServeOptions, present: QuorumSetting, next: QuorumSetting): void {
  const [here, there] = [present, next].map(({ configuration }) => configuration.plan.network);
  if (here !== there) throw new Error(`--next is of the network ${there} and --config of ${here}: a quorum has one`);
  if (options.record !== undefined) {
    throw new Error('--record and --next do not go together: a recording is of one configuration; record beside it');
  }
  proveSuccession(termsOf(present), termsOf(next));
}
