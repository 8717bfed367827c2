import { Har } from '../../../oracle/risk/har';
import { Memory } from '../../../oracle/risk/memory';
import { TrailingSums } from '../../../oracle/risk/trailing-sums';
import type { Observed, Rival } from './rival';

/**
 * Corsi's HAR on realised variance for one horizon; with `quarticity`, Bollerslev, Patton and Quaedvlieg's (2016) HARQ,
 * which trusts a day less the noisier it was. A forecast beyond all outcomes seen is replaced by their mean, as there.
 */
export class HarRival implements Rival {
  readonly name: string;
  private readonly har: Har;
  private readonly target: TrailingSums;
  private readonly day: TrailingSums;
  private readonly fourths: TrailingSums;
  private run = 0;
  private readonly seen = { least: Infinity, most: 0, sum: 0, count: 0 };

  constructor(
    private readonly steps: number,
    barsADay: number,
    private readonly quarticity: boolean,
  ) {
    this.name = quarticity ? 'harq' : 'har';
    const memory = new Memory();
    const days = [1, 7, 30].map((count) => count * barsADay);
    this.har = new Har(memory, steps, steps < barsADay ? [1, ...days.slice(0, 2)] : days, quarticity ? 1 : 0);
    this.target = new TrailingSums(memory, [steps]);
    this.day = new TrailingSums(memory, [barsADay]);
    this.fourths = new TrailingSums(memory, [barsADay]);
  }

  observe({ return_ }: Observed): void {
    const square = return_ * return_;
    this.run = Number.isNaN(square) ? 0 : this.run + 1;
    if (this.run > 0) {
      this.target.push(square);
      this.day.push(square);
      this.fourths.push((square * square) / 3);
    }
    const target = this.run < this.steps ? NaN : this.target.mean(0) * this.steps;
    if (!Number.isNaN(target)) {
      this.seen.least = Math.min(this.seen.least, target);
      this.seen.most = Math.max(this.seen.most, target);
      this.seen.sum += target;
      this.seen.count++;
    }
    const more = this.quarticity ? Math.sqrt(this.fourths.mean(0)) * this.day.mean(0) : 0;
    this.har.observe(square, target, more);
  }

  variance(): number {
    const variance = this.har.variance ?? NaN;
    const { least, most, sum, count } = this.seen;
    return variance < least || variance > most ? sum / count : variance;
  }
}
