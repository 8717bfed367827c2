import { Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { OraclePlan } from '../../oracle/plan';
import type { Clock } from '../../platform/clock/clock';
import { problem } from '../../platform/problem';
import { LatestView } from '../ledger/latest-view';
import { ORACLE_PLAN } from '../ledger/publication';
import { hex, PublishedText } from '../ledger/published-text';
import { answerSchema } from './answer-schema';
import { groupAnswer, type GroupsAnswer, groupsAnswer } from './answers';
import { REST_CLOCK } from './health.controller';
import { insistProvable, unprovable } from './provable';

@ApiTags('groups')
@Controller('v1/groups')
export class GroupsController {
  constructor(
    @Inject(ORACLE_PLAN) private readonly plan: OraclePlan,
    @Inject(REST_CLOCK) private readonly clock: Clock,
    private readonly view: LatestView,
    private readonly text: PublishedText,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Which feeds are packed together for contracts: what a store is deployed with' })
  @ApiOkResponse(answerSchema(groupsAnswer))
  groups(): GroupsAnswer {
    return this.plan.groups.map(({ name, feeds }, group) => ({
      name,
      hash: hex(this.view.groupHash(group) ?? new Uint8Array()),
      feeds: feeds.flatMap((feed) => {
        const listed = this.plan.feeds[feed];
        return listed ? [{ id: listed.id, assetVersion: listed.asset.version, decimals: listed.decimals }] : [];
      }),
    }));
  }

  @Get(':name/message')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({ summary: 'A group as of the newest cut, ready for AssayStore.push and AssayVerifier.verifyGroup' })
  @ApiOkResponse(answerSchema(groupAnswer))
  @ApiResponse({ status: 404, description: 'unknownGroup' })
  @ApiResponse({ status: 503, description: 'noSnapshot, rootMismatch or snapshotExpired: nothing that can be proved' })
  message(@Param('name') name: string): string {
    const group = this.plan.groups.findIndex((each) => each.name === name);
    if (group < 0) {
      throw problem(404, 'unknownGroup', `no group is called "${name.slice(0, 40)}"; see GET /v1/groups`);
    }
    insistProvable(this.view, this.clock);
    const packed = this.text.group(group);
    if (packed === undefined) throw unprovable('rootMismatch');
    return `{${this.text.header()},"groups":[${packed}]}`;
  }
}
