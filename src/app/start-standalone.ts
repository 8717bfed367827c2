import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createAlertSinks } from '../outbound/alerts/sinks/create-sinks';
import { serveOpenApi } from '../outbound/rest/open-api';
import { systemClock, systemTimers } from '../platform/clock/system-clock';
import { loadKeccak } from '../platform/keccak';
import { createLogger } from '../platform/logging/logger';
import { NestLogger } from '../platform/logging/nest-logger';
import { createMetrics, watchProcess, type Metrics } from '../platform/metrics/metrics';
import { StandaloneModule, type StandaloneOptions } from './standalone.module';

export interface RunningService {
  readonly app: NestFastifyApplication;
  readonly metrics: Metrics;
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  /** Sources are closed first, subscribers told, and what was heard is kept. */
  stop(): Promise<void>;
}

/** Starts every room of one process and listens. Rejects, with nothing left running, where the options do not allow it. */
export async function startStandalone(
  options: StandaloneOptions,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningService> {
  const log = createLogger();
  const metrics = createMetrics();
  watchProcess(metrics);
  const { sinks } = options.configuration.alerts;
  const now = (): number => systemClock.now();
  const parts = {
    keccak: await loadKeccak(),
    clock: systemClock,
    timers: systemTimers,
    alertSinks: await createAlertSinks(sinks, options.environment, log, now),
    metrics,
    log,
  };
  const app = await NestFactory.create<NestFastifyApplication>(
    StandaloneModule.register(options, parts),
    new FastifyAdapter(),
    { logger: new NestLogger(log), abortOnError: false },
  );
  serveOpenApi(app);
  await app.listen(port, host);
  const address = app.getHttpServer().address() as AddressInfo;
  const url = `http://${host}:${address.port}`;
  log.info({ url }, `listening on ${url}`);
  return { app, metrics, url, stop: () => app.close() };
}
