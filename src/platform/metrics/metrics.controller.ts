import { Controller, Get, Header, Inject } from '@nestjs/common';
import { Registry } from 'prom-client';

export const METRICS_TEXT = Symbol('METRICS_TEXT');

/** The text of a scrape, with everything brought up to date first. */
export type MetricsText = () => Promise<string>;

@Controller()
export class MetricsController {
  constructor(@Inject(METRICS_TEXT) private readonly text: MetricsText) {}

  @Get('metrics')
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  scrape(): Promise<string> {
    return this.text();
  }
}
