import { Controller, Get, Query, UseFilters } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ProblemFilter, problem } from '../../platform/problem';
import type { AlertChange } from './alert';
import { MAX_RESOLVED } from './alert-board';
import { AlertsService } from './alerts.service';
import type { DeliveryCounts } from './sinks/delivery-queue';

const page = z.strictObject({
  offset: z.coerce.number().int().min(0).max(MAX_RESOLVED).default(0),
  limit: z.coerce.number().int().min(1).max(MAX_RESOLVED).default(50),
});

@ApiTags('alerts')
@UseFilters(ProblemFilter)
@Controller('v1/alerts')
export class AlertsController {
  constructor(private readonly alerts: AlertsService) {}

  @Get()
  @ApiOperation({ summary: `Alerts that fire now, and a page of the last ${MAX_RESOLVED} resolved, newest first` })
  @ApiQuery({ name: 'offset', required: false, description: 'Resolved alerts to skip' })
  @ApiQuery({ name: 'limit', required: false, description: 'Resolved alerts to return' })
  @ApiOkResponse({ description: 'docs/alerts.md' })
  read(@Query() query: unknown): { active: AlertChange[]; resolved: AlertChange[]; sinks: DeliveryCounts[] } {
    const reading = page.safeParse(query);
    if (!reading.success) {
      const faults = reading.error.issues.map(({ path, message }) => `${path.join('.') || 'query'}: ${message}`);
      throw problem(400, 'malformed', faults.join('; '));
    }
    const { offset, limit } = reading.data;
    return {
      active: this.alerts.active(),
      resolved: this.alerts.resolved(offset, limit),
      sinks: this.alerts.deliveries(),
    };
  }
}
