import { Scatter } from './scatter';

function after(dispersions: readonly number[], scatter = new Scatter()): Scatter {
  for (const dispersion of dispersions) {
    scatter.hold(dispersion);
    scatter.observe();
  }
  return scatter;
}

const seconds = (count: number, dispersion: number): number[] => Array<number>(count).fill(dispersion);

describe('Scatter', () => {
  it('is not known before a second with a price has ended', () => {
    expect(new Scatter().deviation).toBeNaN();
    expect(after([NaN]).deviation).toBeNaN();
  });

  it('averages squares, of few seconds alike', () => {
    expect(after([0.001, 0.003, NaN]).deviation).toBeCloseTo(Math.sqrt(5e-6), 12);
  });

  it('follows a new habit in about a minute', () => {
    const { deviation } = after([...seconds(100, 0.001), ...seconds(60, 0.002)]);
    // 1 + 3 · (1 − (59/60)^60)
    expect(deviation * deviation).toBeCloseTo(1e-6 * (4 - 3 * 0.364_794), 9);
  });

  it('takes one wild second for thrice what was usual, no more', () => {
    const { deviation } = after([...seconds(100, 0.001), 5]);
    expect(deviation * deviation).toBeCloseTo(1e-6 * (1 + 8 / 60), 12);
  });

  it('is what it was after its state was stored', () => {
    const scatter = after([0.001, 0.002]);
    const restored = new Scatter();
    restored.restore(scatter.state());
    expect(restored).toEqual(scatter);
  });
});
