export interface Minimum {
  readonly point: readonly number[];
  readonly value: number;
}

export interface SearchLimits {
  readonly maxEvaluations: number;
  /** The search ends when the best and the worst corner differ by less. */
  readonly tolerance: number;
}

/**
 * Nelder and Mead's (1965) downhill simplex: no gradients, and the same steps for the same function everywhere. A place
 * outside the domain is said by Infinity. Begun again from its own answer until that no longer helps.
 */
export function minimise(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
  limits: SearchLimits,
): Minimum {
  let best = { point: start, value: f(start) };
  let left = limits.maxEvaluations;
  for (let shrink = 1; left > 0; shrink *= 0.3) {
    const counted = (point: readonly number[]): number => {
      left--;
      return f(point);
    };
    const scaled = steps.map((step) => step * shrink);
    const found = descend(counted, best, scaled, limits.tolerance, () => left > 0);
    const gain = best.value - found.value;
    best = found;
    if (gain < limits.tolerance) break;
  }
  return best;
}

function descend(
  f: (point: readonly number[]) => number,
  start: Minimum,
  steps: readonly number[],
  tolerance: number,
  mayGoOn: () => boolean,
): Minimum {
  const at = (point: readonly number[]): Minimum => ({ point, value: f(point) });
  let corners = [start, ...steps.map((step, i) => at(start.point.map((x, j) => (i === j ? x + step : x))))];
  const sorted = (): void => void corners.sort((one, other) => one.value - other.value);
  sorted();
  const last = corners.length - 1;
  const corner = (index: number): Minimum => corners[index] ?? start;
  while (mayGoOn() && !(corner(last).value - corner(0).value < tolerance)) {
    const worst = corner(last);
    const centre = start.point.map((_, j) => {
      let sum = 0;
      for (let i = 0; i < last; i++) sum += corner(i).point[j] ?? 0;
      return sum / last;
    });
    const along = (factor: number): Minimum => at(centre.map((x, j) => x + factor * ((worst.point[j] ?? 0) - x)));
    const reflected = along(-1);
    if (reflected.value < corner(0).value) {
      const expanded = along(-2);
      corners[last] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < corner(last - 1).value) {
      corners[last] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(reflected.value, worst.value)) corners[last] = contracted;
      else {
        const origin = corner(0).point;
        const halfway = (point: readonly number[]): number[] => origin.map((x, j) => (x + (point[j] ?? 0)) / 2);
        corners = [corner(0), ...corners.slice(1).map(({ point }) => at(halfway(point)))];
      }
    }
    sorted();
  }
  return corner(0);
}
