import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { OraclePlan } from '../../oracle/plan';
import { VERDICTS } from '../../oracle/verdict';
import { LatestView } from '../ledger/latest-view';
import { ORACLE_PLAN } from '../ledger/publication';
import { answerSchema } from './answer-schema';
import {
  type FeedsAnswer,
  feedsAnswer,
  type LiquidityAnswer,
  liquidityAnswer,
  type SourcesAnswer,
  sourcesAnswer,
  type VerdictsAnswer,
  verdictsAnswer,
} from './answers';
import { feedNamed, readQuery } from './feed-names';

const ofOneFeed = z.strictObject({ feed: z.string() });

@ApiTags('feeds')
@Controller('v1')
export class FeedsController {
  constructor(
    @Inject(ORACLE_PLAN) private readonly plan: OraclePlan,
    private readonly view: LatestView,
  ) {}

  @Get('feeds')
  @ApiOperation({ summary: 'What is published' })
  @ApiOkResponse(answerSchema(feedsAnswer))
  feeds(): FeedsAnswer {
    return this.plan.feeds.map(({ id, asset, quote, decimals }, index) => {
      const sources = this.plan.sources.filter(({ feed, anchor }) => feed === index && anchor === undefined);
      const upstreams = new Set(sources.map(({ upstream }) => upstream)).size;
      const status = this.view.report(index)?.status;
      return {
        id,
        asset,
        quote,
        decimals,
        sources: sources.length,
        upstreams,
        ...(status && { status }),
        ...known('costToMove', this.view.liquidityOf(index)?.costToMove),
      };
    });
  }

  @Get('sources')
  @ApiOperation({ summary: 'From whom, and what became of each when its feed was last evaluated' })
  @ApiOkResponse(answerSchema(sourcesAnswer))
  sources(): SourcesAnswer {
    return this.plan.sources.map(({ id, venue, instrument, feed, upstream, leg, maxAgeMs }, index) => ({
      id,
      venue,
      instrument,
      feed: this.feedId(feed),
      upstream: this.plan.upstreams[upstream] ?? '',
      ...(leg !== undefined && { leg: this.feedId(leg) }),
      maxAgeMs,
      ...verdictOf(this.view.verdict(index)?.verdict),
    }));
  }

  @Get('verdicts')
  @ApiOperation({ summary: 'Why this price: the verdict on each source of a feed, with its evidence' })
  @ApiQuery({ name: 'feed', description: 'for example BTC/USD' })
  @ApiOkResponse(answerSchema(verdictsAnswer))
  verdicts(@Query() query: unknown): VerdictsAnswer {
    const { feed: id } = readQuery(ofOneFeed, query);
    const feed = feedNamed(this.plan, id);
    const verdicts = this.plan.sources.flatMap((source, index) => {
      const row = source.feed === feed ? this.view.verdict(index) : undefined;
      if (row === undefined) return [];
      const stage = VERDICTS.find(({ name }) => name === row.verdict)?.stage ?? 'observation';
      const evidence = {
        ...known('measured', row.measured),
        ...known('limit', row.limit),
        ...known('depth', row.depth),
      };
      return [{ source: source.id, verdict: row.verdict, stage, weight: row.weight, ...evidence }];
    });
    return { feed: id, verdicts };
  }

  @Get('liquidity')
  @ApiOperation({ summary: 'What it costs to move the price of a feed, and the weights in force' })
  @ApiQuery({ name: 'feed', description: 'for example BTC/USD' })
  @ApiOkResponse(answerSchema(liquidityAnswer))
  liquidity(@Query() query: unknown): LiquidityAnswer {
    const { feed: id } = readQuery(ofOneFeed, query);
    const feed = feedNamed(this.plan, id);
    const { cut, costToMove, upstreams = [] } = this.view.liquidityOf(feed) ?? {};
    return {
      feed: id,
      quote: this.plan.feeds[feed]?.quote ?? '',
      ...(cut !== undefined && { cut: cut.toString() }),
      ...known('costToMove', costToMove),
      upstreams: upstreams.map(({ upstream, weight, depth }) => ({
        upstream: this.plan.upstreams[upstream] ?? '',
        weight,
        ...known('depth', depth),
      })),
    };
  }

  private feedId(index: number): string {
    return this.plan.feeds[index]?.id ?? '';
  }
}

function verdictOf(verdict: SourcesAnswer[number]['verdict']) {
  return verdict === undefined ? {} : { verdict };
}

/** JSON has no NaN: where nothing was measured, nothing is said. */
function known<Name extends string>(name: Name, value = NaN): Partial<Record<Name, number>> {
  return Number.isFinite(value) ? ({ [name]: value } as Record<Name, number>) : {};
}
