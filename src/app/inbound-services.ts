import type { FactoryProvider } from '@nestjs/common';
import { ChainsService } from '../inbound/chains.service';
import { VenuesService } from '../inbound/venues.service';
import type { Configuration } from '../platform/config/configuration';
import { voicesOf } from '../runtime/build-engine';
import { TurnService } from '../runtime/turn.service';
import type { ProcessParts } from './process-parts';

/** Venues and chains as configured, speaking to the one effect loop. */
export function inboundServices(
  configuration: Configuration,
  environment: NodeJS.ProcessEnv,
  parts: Pick<ProcessParts, 'clock' | 'timers' | 'metrics' | 'log'>,
): FactoryProvider[] {
  return [
    {
      provide: VenuesService,
      useFactory: (turn: TurnService) => openVenues(configuration, turn, parts),
      inject: [TurnService],
    },
    {
      provide: ChainsService,
      useFactory: (turn: TurnService) => openChains(configuration, environment, turn, parts),
      inject: [TurnService],
    },
  ];
}

export function openVenues(
  configuration: Configuration,
  sink: TurnService,
  { clock, timers, metrics, log }: Pick<ProcessParts, 'clock' | 'timers' | 'metrics' | 'log'>,
): VenuesService {
  const endpoints = new Map(configuration.venues.map(({ name, endpoint }) => [name, endpoint]));
  return new VenuesService({
    voices: voicesOf(configuration).map((voice) => ({ ...voice, endpoint: endpoints.get(voice.venue) })),
    sink,
    clock,
    timers,
    log: (venue, connection, event) => {
      if (event.kind !== 'ended') {
        log.debug({ venue, connection, event }, `connection ${event.kind}`);
        return;
      }
      metrics.connectionsEnded.inc({ venue, end: event.end.kind });
      if (event.end.kind === 'tooLarge') metrics.rejections.inc({ venue, reason: 'tooLarge' });
      log.warn({ venue, connection, event }, `the connection ended: ${event.end.kind}; it will be opened again`);
    },
  });
}

export function openChains(
  { chains }: Configuration,
  environment: NodeJS.ProcessEnv,
  sink: TurnService,
  { clock, timers, metrics, log }: Pick<ProcessParts, 'clock' | 'timers' | 'metrics' | 'log'>,
): ChainsService {
  const readable = chains.flatMap((chain) => {
    const rpcUrls = environment[chain.rpcUrlEnv];
    if (rpcUrls !== undefined) return [{ ...chain, rpcUrls }];
    log.info({ chain: chain.name }, `${chain.rpcUrlEnv} is not set: the chain is not read and its readers are silent`);
    return [];
  });
  return new ChainsService({
    chains: readable,
    sink,
    clock,
    timers,
    log: (chain, event) => {
      if (event.kind === 'outvoted') {
        log.warn({ chain, event }, `node ${event.node} of ${chain} was outvoted: ${event.how}`);
        return;
      }
      metrics.reads.inc({ chain, outcome: event.kind === 'read' ? 'read' : 'failed' });
      if (event.kind !== 'read') log.warn({ chain, event }, `${event.reader ?? chain} was not read`);
    },
  });
}
