/** ln Γ(x) for x > 0, by Lanczos' series (g = 7, n = 9) as Godfrey gives it: some 15 digits. */
export function lnGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
  const series = LANCZOS.reduce((sum, coefficient, index) => sum + coefficient / (x + index), 0);
  const base = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(series + LANCZOS_FIRST);
}

const LANCZOS_FIRST = 0.99999999999980993;
const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Regularised upper incomplete gamma function Q(a, x): by series below a + 1, by continued fraction (Lentz) above. */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - lnGamma(a));
  if (x < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = 1; Math.abs(term) > sum * 1e-17; n++) {
      term *= x / (a + n);
      sum += term;
    }
    return 1 - front * sum;
  }
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let fraction = d;
  for (let n = 1, delta = 0; Math.abs(delta - 1) > 1e-16 && n < 1_000; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = 1 / (numerator * d + b);
    c = b + numerator / c;
    delta = c * d;
    fraction *= delta;
  }
  return front * fraction;
}

/** P(X > x) for X of the χ² distribution. */
export function chiSquaredAbove(x: number, degrees: number): number {
  return upperGamma(degrees / 2, x / 2);
}

/** P(Z ≤ z) for Z standard normal. */
export function normalBelow(z: number): number {
  const tail = 0.5 * upperGamma(0.5, (z * z) / 2);
  return z < 0 ? tail : 1 - tail;
}

export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
}

/** z with P(Z ≤ z) = p, by bisection to the last bit that the distribution function has. */
export function normalQuantile(p: number): number {
  let [low, high] = [-40, 40];
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(X ≤ count) for X binomial. */
export function binomialBelow(count: number, n: number, p: number): number {
  let sum = 0;
  for (let k = 0; k <= count; k++) {
    const chance = lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log(1 - p);
    sum += Math.exp(chance);
  }
  return sum;
}
