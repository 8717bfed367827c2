import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Keccak } from '../oracle/reporting/keccak';
import { PackedGroups } from '../oracle/reporting/packed-groups';
import { createAlertSinks } from '../outbound/alerts/sinks/create-sinks';
import { hex } from '../outbound/ledger/published-text';
import type { Chain, Hex } from '../outbound/relay/chain';
import { loadRelayKey } from '../outbound/relay/relay-key';
import { openChain } from '../outbound/relay/viem-chain';
import type { RemoteSignerSettings } from '../outbound/signing/remote/web3signer';
import { isRemote, type AnySigner } from '../outbound/signing/signer';
import { systemClock, systemTimers } from '../platform/clock/system-clock';
import type { Configuration } from '../platform/config/configuration';
import type { RelayConfiguration } from '../platform/config/relay-configuration';
import { loadKeccak } from '../platform/keccak';
import { createLogger } from '../platform/logging/logger';
import { NestLogger } from '../platform/logging/nest-logger';
import { createMetrics, watchProcess, type Metrics } from '../platform/metrics/metrics';
import { RelayerModule } from './relayer.module';

export interface RelayerOptions {
  readonly configuration: Configuration;
  readonly relay: RelayConfiguration;
  readonly keystoreFile: string | undefined;
  readonly password: () => Promise<string>;
  /** A web3signer with the relayer's key; it replaces the one of service.yaml. */
  readonly remote?: RemoteSignerSettings | undefined;
  readonly dataDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
}

export interface RunningRelayer {
  readonly metrics: Metrics;
  /** Where its metrics are. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Listen {
  readonly host: string;
  readonly port: number;
}

/** Carries what another service publishes. Rejects, with nothing left running, where a chain or a store is not as told. */
export async function startRelayer(options: RelayerOptions, listen: Listen): Promise<RunningRelayer> {
  const keccak = await loadKeccak();
  const configured = options.configuration.service.signer.remote;
  const signer = await loadRelayKey({ ...options, configured }, keccak);
  const letGo = (): void => {
    if (isRemote(signer)) signer.close();
  };
  try {
    const relayer = await relayBy(signer, keccak, options, listen);
    const stop = async (): Promise<void> => {
      await relayer.stop();
      letGo();
    };
    return { ...relayer, stop };
  } catch (error) {
    letGo();
    throw error;
  }
}

async function relayBy(
  signer: AnySigner,
  keccak: Keccak,
  { configuration, relay, environment, dataDirectory }: RelayerOptions,
  { host, port }: Listen,
): Promise<RunningRelayer> {
  const log = createLogger();
  const metrics = createMetrics();
  watchProcess(metrics);
  const packed = new PackedGroups(configuration.plan, keccak);
  const hashes = configuration.plan.groups.map(({ name }, group) => [name, hashOf(packed, group)] as const);
  const now = (): number => systemClock.now();
  const parts = {
    relay,
    groupHashes: new Map(hashes),
    chains: await openChains(relay, environment, signer),
    dataDirectory,
    clock: systemClock,
    timers: systemTimers,
    metrics,
    alertSinks: await createAlertSinks(configuration.alerts.sinks, environment, log, now),
    log,
  };
  log.info({ account: signer.address, from: relay.from }, `relaying from ${relay.from} by ${signer.address}`);
  const app = await NestFactory.create<NestFastifyApplication>(RelayerModule.register(parts), new FastifyAdapter(), {
    logger: new NestLogger(log),
    abortOnError: false,
  });
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw error;
  }
  const address = app.getHttpServer().address() as AddressInfo;
  return { metrics, url: `http://${host}:${address.port}`, stop: () => app.close() };
}

async function openChains(
  { chains }: RelayConfiguration,
  environment: NodeJS.ProcessEnv,
  signer: AnySigner,
): Promise<ReadonlyMap<string, Chain>> {
  const opened = new Map<string, Chain>();
  for (const { name, rpcUrlEnvs } of chains) {
    const urls = rpcUrlEnvs.map((variable) => environment[variable]).filter((url) => url !== undefined);
    if (urls.length === 0) throw new Error(`${name} has no node to ask: set ${rpcUrlEnvs.join(' or ')}`);
    opened.set(name, await openChain(urls, signer));
  }
  return opened;
}

function hashOf(packed: PackedGroups, group: number): Hex {
  return hex(packed.hash(group) ?? new Uint8Array()) as Hex;
}
