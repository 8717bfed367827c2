import { EventLoopLag } from './event-loop-lag';

/** Holds the loop by work, as a bug would. */
function block(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

const turns = async (ms: number): Promise<void> => {
  const until = performance.now() + ms;
  while (performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe(EventLoopLag.name, () => {
  test('tells the worst delay since the last look, and then forgets it', async () => {
    const lag = new EventLoopLag();
    await turns(60);
    block(300);
    await turns(60);
    const worst = lag.worstMs();
    await turns(60);
    expect(worst).toBeGreaterThan(200);
    expect(lag.worstMs()).toBeLessThan(worst);
    lag.stop();
  });
});
