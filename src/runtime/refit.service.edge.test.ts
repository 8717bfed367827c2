import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SchedulerRegistry, ScheduleModule } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { type GarchFit, fitGarch } from '../oracle/risk/garch';
import { Random } from '../lab/market/random';
import { type Refit, RefitService } from './refit.service';

function returnsOf(count: number): Float64Array {
  const random = new Random(5);
  let variance = 1e-4;
  return Float64Array.from({ length: count }, () => {
    const one = Math.sqrt(variance) * random.normal();
    variance = 5e-6 + 0.1 * one * one + 0.85 * variance;
    return one;
  });
}

/** `fitInWorker` in a process whose threads read TypeScript, as Jest's do not. */
async function fitElsewhere(series: readonly Float64Array[]): Promise<GarchFit[]> {
  const script = `
    const series = ${JSON.stringify(series.map((one) => [...one]))}.map((one) => Float64Array.from(one));
    require('./src/runtime/fit-in-worker.ts').fitInWorker(series).then((fits) => console.log(JSON.stringify(fits)));`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-r', './scripts/typescript.cjs', '-e', script]);
  return JSON.parse(stdout) as GarchFit[];
}

function refitOf(particular: Partial<Refit>): { refit: Refit; fitted: unknown[]; logged: string[] } {
  const fitted: unknown[] = [];
  const logged: string[] = [];
  const log = (_: unknown, text: string): void => void logged.push(text);
  const refit = {
    feeds: ['BTC/USD', 'NEW/USD', 'DEAD/USD'],
    returns: (feed: number) => [returnsOf(1_200), returnsOf(999), new Float64Array(1_200)][feed] ?? new Float64Array(0),
    fit: fitElsewhere,
    turn: { isRunning: true, fitted: (...said: unknown[]) => void fitted.push(said) },
    log: { info: log, error: log } as never,
    ...particular,
  };
  return { refit, fitted, logged };
}

describe('RefitService', () => {
  it('says what a worker fitted, of feeds with enough hours that are not all alike', async () => {
    const { refit, fitted } = refitOf({});
    await new RefitService(refit).run();
    const { mu, omega, alpha, beta } = fitGarch(returnsOf(1_200));
    expect(fitted).toEqual([['BTC/USD', 'garch', [mu, omega, alpha, beta]]]);
  }, 60_000);

  it('leaves the old parameters where a fit fails, and says so', async () => {
    const { refit, fitted, logged } = refitOf({ fit: () => Promise.reject(new Error('out of memory')) });
    await new RefitService(refit).run();
    expect(fitted).toEqual([]);
    expect(logged).toEqual(['volatility parameters could not be fitted; those of last week stand']);
  });

  it('stands in the calendar', async () => {
    const { refit } = refitOf({});
    const module = await Test.createTestingModule({
      imports: [ScheduleModule.forRoot()],
      providers: [{ provide: RefitService, useFactory: () => new RefitService(refit) }],
    }).compile();
    await module.init();
    const [job] = [...module.get(SchedulerRegistry).getCronJobs().values()];
    expect(job?.nextDate().weekday).toBe(1);
    await module.close();
  });
});
