import { Garch, type GarchFit, fitGarch } from '../../../oracle/risk/garch';
import { Memory } from '../../../oracle/risk/memory';
import type { Observed, Rival } from './rival';

/** GARCH(1,1), refitted; its `filter` is also the expert in Assay's mixture, as a fit from a worker is live. */
export class GarchRival implements Rival {
  readonly name = 'garch';
  readonly filter = new Garch(new Memory());
  private fit: GarchFit | undefined;

  observe({ return_ }: Observed): void {
    if (!Number.isNaN(return_)) this.filter.observe(return_);
  }

  refit(returns: Float64Array): void {
    this.fit = fitGarch(returns, this.fit);
    this.filter.adopt(this.fit);
  }

  variance(steps: number): number {
    return this.filter.variance(steps) ?? NaN;
  }
}
