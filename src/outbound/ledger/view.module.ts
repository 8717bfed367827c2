import { Module } from '@nestjs/common';
import type { OraclePlan } from '../../oracle/plan';
import { loadKeccak } from '../../platform/keccak';
import { LatestView } from './latest-view';
import { PublishedText } from './published-text';
import { ORACLE_PLAN, PUBLICATION, type Publication } from './publication';
import { ViewFollowerService } from './view-follower.service';

/** One view of the ledger for all who serve it. Needs `LEDGER`, `ORACLE_PLAN` and `PUBLICATION` from global modules. */
@Module({
  providers: [
    {
      provide: LatestView,
      inject: [ORACLE_PLAN, PUBLICATION],
      useFactory: async (plan: OraclePlan, { configHash }: Publication) =>
        new LatestView(plan, configHash, await loadKeccak()),
    },
    {
      provide: PublishedText,
      inject: [ORACLE_PLAN, LatestView],
      useFactory: (plan: OraclePlan, view: LatestView) => new PublishedText(plan, view),
    },
    ViewFollowerService,
  ],
  exports: [LatestView, PublishedText],
})
export class ViewModule {}
