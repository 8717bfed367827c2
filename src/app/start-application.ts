import type { AddressInfo } from 'node:net';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createAlertSinks } from '../outbound/alerts/sinks/create-sinks';
import { serveOpenApi } from '../outbound/rest/open-api';
import { systemClock, systemTimers } from '../platform/clock/system-clock';
import type { Configuration } from '../platform/config/configuration';
import { loadKeccak } from '../platform/keccak';
import { createLogger } from '../platform/logging/logger';
import { NestLogger } from '../platform/logging/nest-logger';
import { createMetrics, watchProcess, type Metrics } from '../platform/metrics/metrics';
import type { ProcessParts } from './process-parts';

export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly metrics: Metrics;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Sources are closed first, subscribers told, and what was heard is kept. */
  stop(): Promise<void>;
}

/** Starts every room of a module in this process and listens. Rejects, with nothing left running, where one refuses. */
export async function startApplication(
  register: (parts: ProcessParts) => DynamicModule,
  { configuration, environment }: { readonly configuration: Configuration; readonly environment: NodeJS.ProcessEnv },
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningService> {
  const log = createLogger();
  const metrics = createMetrics();
  watchProcess(metrics);
  const { sinks } = configuration.alerts;
  const now = (): number => systemClock.now();
  const parts = {
    keccak: await loadKeccak(),
    clock: systemClock,
    timers: systemTimers,
    alertSinks: await createAlertSinks(sinks, environment, log, now),
    metrics,
    log,
  };
  const app = await NestFactory.create<NestFastifyApplication>(register(parts), new FastifyAdapter(), {
    logger: new NestLogger(log),
    abortOnError: false,
  });
  serveOpenApi(app);
  await app.listen(port, host);
  const address = app.getHttpServer().address() as AddressInfo;
  const url = `http://${host}:${address.port}`;
  log.info({ url }, `listening on ${url}`);
  return { app, metrics, url, stop: () => app.close() };
}
