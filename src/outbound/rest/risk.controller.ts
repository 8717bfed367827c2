import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { OraclePlan } from '../../oracle/plan';
import type { Clock } from '../../platform/clock/clock';
import { problem } from '../../platform/problem';
import { LatestView } from '../ledger/latest-view';
import { ORACLE_PLAN } from '../ledger/publication';
import { PublishedText } from '../ledger/published-text';
import { answerSchema } from './answer-schema';
import { dependenceAnswer, riskAnswer } from './answers';
import { feedNamed, readQuery } from './feed-names';
import { REST_CLOCK } from './health.controller';
import { insistProvable } from './provable';

const ofOneFeed = z.strictObject({ feed: z.string() });
const ofAll = z.strictObject({});

@ApiTags('risk')
@Controller('v1/risk')
export class RiskController {
  constructor(
    @Inject(ORACLE_PLAN) private readonly plan: OraclePlan,
    @Inject(REST_CLOCK) private readonly clock: Clock,
    private readonly view: LatestView,
    private readonly text: PublishedText,
  ) {}

  @Get()
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'Volatilities, tails and haircut of a feed with their proofs, under one signed header' })
  @ApiQuery({ name: 'feed', description: 'for example BTC/USD' })
  @ApiOkResponse(answerSchema(riskAnswer))
  @ApiResponse({ status: 503, description: 'noRisk, or as for prices: nothing that can be proved' })
  risk(@Query() query: unknown): string {
    const { feed: id } = readQuery(ofOneFeed, query);
    const feed = feedNamed(this.plan, id);
    insistProvable(this.view, this.clock);
    const risk = this.text.risk(feed) ?? refuseRisk(`there are no risk figures of "${id}" that can be proved`);
    return `{${this.text.header()},"risk":[${risk}]}`;
  }

  @Get('dependence')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'How feeds move together: correlation and stress matrix with their proofs' })
  @ApiOkResponse(answerSchema(dependenceAnswer))
  @ApiResponse({ status: 503, description: 'noRisk, or as for prices: nothing that can be proved' })
  dependence(@Query() query: unknown): string {
    readQuery(ofAll, query);
    insistProvable(this.view, this.clock);
    const dependence = this.text.dependence() ?? refuseRisk('there is no correlation that can be proved');
    return `{${this.text.header()},"dependence":${dependence}}`;
  }
}

/** Throws a problem. */
function refuseRisk(detail: string): never {
  throw problem(
    503,
    'noRisk',
    `${detail}: figures come within five minutes of a start, correlations with their history`,
  );
}
