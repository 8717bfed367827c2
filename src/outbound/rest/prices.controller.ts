import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { OraclePlan } from '../../oracle/plan';
import type { Clock } from '../../platform/clock/clock';
import { LatestView } from '../ledger/latest-view';
import { ORACLE_PLAN } from '../ledger/publication';
import { PublishedText } from '../ledger/published-text';
import { answerSchema } from './answer-schema';
import { pricesAnswer } from './answers';
import { feedNamed, readQuery } from './feed-names';
import { REST_CLOCK } from './health.controller';
import { insistProvable } from './provable';

const latest = z.strictObject({
  feeds: z.string().min(1).max(32_768).optional(),
  figures: z.enum(['true', 'false']).default('false'),
});

@ApiTags('prices')
@Controller('v1/prices')
export class PricesController {
  constructor(
    @Inject(ORACLE_PLAN) private readonly plan: OraclePlan,
    @Inject(REST_CLOCK) private readonly clock: Clock,
    private readonly view: LatestView,
    private readonly text: PublishedText,
  ) {}

  /** Text, not an object: the same fragments as the stream's, written once per cut. */
  @Get('latest')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Prices of one instant with their proofs, under one signed header' })
  @ApiQuery({ name: 'feeds', required: false, description: 'BTC/USD,ETH/USD; all feeds if absent' })
  @ApiQuery({ name: 'figures', required: false, enum: ['true', 'false'], description: 'with TWAPs and volatility' })
  @ApiOkResponse(answerSchema(pricesAnswer))
  @ApiResponse({ status: 503, description: 'noSnapshot, rootMismatch or snapshotExpired: nothing that can be proved' })
  latest(@Query() query: unknown): string {
    const { feeds, figures } = readQuery(latest, query);
    const wanted = feeds === undefined ? this.plan.feeds.keys() : this.named(feeds.split(','));
    insistProvable(this.view, this.clock);
    const reports = Array.from(wanted, (feed) => this.text.report(feed, figures === 'true'));
    return `{${this.text.header()},"reports":[${reports.join(',')}]}`;
  }

  /** Each once, in the order of the request. */
  private named(ids: readonly string[]): Iterable<number> {
    return new Set(ids.map((id) => feedNamed(this.plan, id)));
  }
}
