import { Body, Controller, Get, HttpCode, Post, UseFilters } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ProblemFilter, problem } from '../../platform/problem';
import type { OperatorInstruction } from '../../recording/event';
import type { RefusalCode } from './operator-desk';
import { type AuditRow, MAX_AUDIT_ROWS, OperatorService } from './operator.service';

const STATUS: Readonly<Record<RefusalCode, number>> = {
  malformed: 400,
  unknownFeed: 404,
  notAnOperator: 403,
  tooOld: 400,
  tooEarly: 400,
  replayed: 409,
  badSignature: 403,
};

@ApiTags('operator')
@UseFilters(ProblemFilter)
@Controller('v1/operator')
export class OperatorController {
  constructor(private readonly operator: OperatorService) {}

  @Post()
  @HttpCode(202)
  @ApiOperation({ summary: 'Halt or resume one feed by a signed instruction; it takes effect at the next cut' })
  @ApiBody({ description: 'docs/operator.md' })
  @ApiAcceptedResponse({ description: 'The instruction as it was accepted' })
  async instruct(@Body() body: unknown): Promise<{ accepted: OperatorInstruction }> {
    const judgement = await this.operator.instruct(body);
    if ('accepted' in judgement) return judgement;
    throw problem(STATUS[judgement.refused], judgement.refused, judgement.detail);
  }

  @Get()
  @ApiOperation({ summary: `The last ${MAX_AUDIT_ROWS} instructions that took effect, newest first` })
  @ApiOkResponse({ description: 'docs/operator.md' })
  read(): { audit: readonly AuditRow[] } {
    return { audit: this.operator.audit() };
  }
}
