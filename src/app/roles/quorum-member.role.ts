import { dialectNames } from '../../inbound/venues/registry';
import { loadConfiguration } from '../../platform/config/load';
import { loadQuorum } from '../../platform/config/quorum';
import { QuorumMemberModule } from '../quorum-member.module';
import { startApplication } from '../start-application';
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
  const configuration = loadConfiguration(options.config, dialectNames);
  const { http } = configuration.service;
  const member = {
    configuration,
    quorum: loadQuorum(options.config),
    follows,
    signing: signingSettings(options, configuration),
    dataDirectory: options.data,
    recordFile: options.record,
    environment: process.env,
  };
  return startApplication((parts) => QuorumMemberModule.register(member, parts), member, {
    host: options.host ?? http.host,
    port: Number(options.port ?? http.port),
  });
}
