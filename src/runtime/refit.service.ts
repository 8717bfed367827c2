import { Injectable } from '@nestjs/common';
import { Cron } from '@nestjs/schedule';
import type { Logger } from 'pino';
import type { GarchFit } from '../oracle/risk/garch';
import type { TurnService } from './turn.service';

/** Fewer hourly returns than this tell no parameters, as in the backtest. */
const MIN_RETURNS = 1_000;

export interface Refit {
  /** Ids of the feeds, in the order of the plan. */
  readonly feeds: readonly string[];
  readonly returns: (feed: number) => Float64Array;
  readonly fit: (series: readonly Float64Array[]) => Promise<readonly GarchFit[]>;
  readonly turn: Pick<TurnService, 'fitted' | 'isRunning'>;
  readonly log: Pick<Logger, 'info' | 'error'>;
}

/** What the calendar owes the risk: parameters fitted anew, off the price path, that come back as input like any other. */
@Injectable()
export class RefitService {
  constructor(private readonly refit: Refit) {}

  /** Early on Mondays; a feed whose hours have been too few, or all alike, keeps what it has. */
  @Cron('0 30 4 * * 1', { timeZone: 'UTC' })
  async run(): Promise<void> {
    const { feeds, returns, fit, turn, log } = this.refit;
    const due = feeds
      .map((feed, index) => ({ feed, series: returns(index) }))
      .filter(({ series }) => series.length >= MIN_RETURNS && series.some((one) => one !== series[0]));
    if (due.length === 0 || !turn.isRunning) return;
    try {
      const fits = await fit(due.map(({ series }) => series));
      for (const [place, { mu, omega, alpha, beta }] of fits.entries()) {
        turn.fitted(due[place]?.feed ?? '', 'garch', [mu, omega, alpha, beta]);
      }
      log.info({ feeds: due.map(({ feed }) => feed) }, 'volatility parameters were fitted anew');
    } catch (error) {
      log.error({ error }, 'volatility parameters could not be fitted; those of last week stand');
    }
  }
}
