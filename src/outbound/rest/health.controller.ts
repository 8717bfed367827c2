import { Controller, Get, Inject, type OnModuleDestroy, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { OraclePlan } from '../../oracle/plan';
import type { Clock } from '../../platform/clock/clock';
import { EventLoopLag } from '../../platform/health/event-loop-lag';
import { type Health, liveness, readiness, type ReadinessFacts } from '../../platform/health/health';
import { LatestView } from '../ledger/latest-view';
import { ORACLE_PLAN } from '../ledger/publication';
import { answerSchema } from './answer-schema';
import { healthAnswer } from './answers';

/** Nest's token for the `Clock` that judges whether a snapshot has expired. */
export const REST_CLOCK = Symbol('RestClock');

/** Nest's token for the `ServiceFacts`. */
export const SERVICE_FACTS = Symbol('ServiceFacts');

/** What only the runtime knows. */
export type ServiceFacts = () => Omit<ReadinessFacts, 'feeds'>;

interface Reply {
  status(code: number): unknown;
}

@ApiTags('health')
@Controller()
export class HealthController implements OnModuleDestroy {
  private readonly lag = new EventLoopLag();

  constructor(
    @Inject(ORACLE_PLAN) private readonly plan: OraclePlan,
    @Inject(REST_CLOCK) private readonly clock: Clock,
    @Inject(SERVICE_FACTS) private readonly facts: ServiceFacts,
    private readonly view: LatestView,
  ) {}

  @Get('livez')
  @ApiOperation({ summary: 'Whether to leave the process running' })
  @ApiOkResponse(answerSchema(healthAnswer))
  @ApiResponse({ status: 503, ...answerSchema(healthAnswer) })
  livez(@Res({ passthrough: true }) reply: Reply): Health {
    return answered(reply, liveness(this.lag.worstMs()));
  }

  @Get('readyz')
  @ApiOperation({ summary: 'Whether to send subscribers here' })
  @ApiOkResponse(answerSchema(healthAnswer))
  @ApiResponse({ status: 503, ...answerSchema(healthAnswer) })
  readyz(@Res({ passthrough: true }) reply: Reply): Health {
    const feeds = this.plan.feeds.map(({ id }, index) => ({ id, status: this.view.report(index)?.status }));
    const { ok, checks } = readiness({ ...this.facts(), feeds });
    const trouble = this.view.trouble(this.clock.now());
    const snapshot = { name: 'snapshot', ok: trouble === undefined, detail: trouble ?? 'signed, proved, not expired' };
    return answered(reply, { ok: ok && snapshot.ok, checks: [...checks, snapshot] });
  }

  onModuleDestroy(): void {
    this.lag.stop();
  }
}

function answered(reply: Reply, health: Health): Health {
  reply.status(health.ok ? 200 : 503);
  return health;
}
