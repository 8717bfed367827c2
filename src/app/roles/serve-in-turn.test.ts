import { SteeredClock } from '../../../test/support/steered-clock';
import { DAY_MS } from '../../oracle/units/time';
import { serveInTurn } from './serve-in-turn';

const NOW = 1_700_000_000_000;
const AT = NOW + 40 * DAY_MS;

function turnsOf(clock: SteeredClock, second?: () => Promise<never>) {
  const log: string[] = [];
  const open = (name: string) => async () => {
    log.push(`open ${name}`);
    return { stop: async () => void log.push(`close ${name}`) };
  };
  const failed = (error: unknown): void => void log.push(String(error));
  return {
    log,
    turns: { at: AT, first: open('first'), second: second ?? open('second'), failed, clock, timers: clock },
  };
}

describe('serveInTurn', () => {
  it('opens the second at its instant, however far off, once the first is closed', async () => {
    const clock = new SteeredClock(NOW);
    const { log, turns } = turnsOf(clock);
    const serving = await serveInTurn(turns);
    await clock.advance(40 * DAY_MS - 1);
    expect(log).toEqual(['open first']);
    await clock.advance(1);
    expect(log).toEqual(['open first', 'close first', 'open second']);
    await serving.stop();
    expect(log.at(-1)).toBe('close second');
  });

  it('opens the second alone where its instant has passed', async () => {
    const { log, turns } = turnsOf(new SteeredClock(AT));
    await serveInTurn(turns);
    expect(log).toEqual(['open second']);
  });

  it('opens no second after it was stopped', async () => {
    const clock = new SteeredClock(NOW);
    const { log, turns } = turnsOf(clock);
    const serving = await serveInTurn(turns);
    await serving.stop();
    await clock.advance(41 * DAY_MS);
    expect([log, clock.pending]).toEqual([['open first', 'close first'], 0]);
  });

  it('tells of a second that does not open, and can then still be stopped', async () => {
    const clock = new SteeredClock(NOW);
    const { log, turns } = turnsOf(clock, () => Promise.reject(new Error('not today')));
    const serving = await serveInTurn(turns);
    await clock.advance(40 * DAY_MS);
    await serving.stop();
    expect(log).toEqual(['open first', 'close first', 'Error: not today']);
  });
});
