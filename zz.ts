import { planOf } from './test/support/plans';
import { LiquidityPast } from './src/oracle/liquidity-past';
import { Roster } from './src/oracle/aggregation/roster';
const venues = Array.from({ length: 16 }, (_, i) => `v${i}`);
const feeds: Record<string, any> = { 'USDT/USD': { sources: { v0: {}, v1: {}, v2: {}, v3: {}, v4: {} } } };
for (let f = 0; f < 100; f++) feeds[`F${f}/USD`] = { sources: Object.fromEntries(venues.map((v, i) => [v, i % 2 ? { leg: 'USDT/USD', weight: 1 + i } : { weight: 1 + i }])) };
const plan = planOf(feeds);
const rosters = plan.feeds.map((_, f) => new Roster(plan, f));
const past = new LiquidityPast(plan, rosters);
const n = plan.sources.length;
let x = 12345;
const rnd = () => (x = (x * 1103515245 + 12345) % 2147483648) / 2147483648;
const spread = Number(process.argv[2] ?? 1000);
const c = { source: Uint32Array.from({ length: n }, (_, i) => i), code: new Uint8Array(n), weight: new Float64Array(n), measured: new Float64Array(n), limit: new Float64Array(n), depth: Float32Array.from({ length: n }, () => 1000 * (1 + spread * rnd())) };
const t0 = 1_700_000_040_000;
past.elapse(t0);
past.absorb(c);
let sec = 0, min = 0, abs = 0, mins = 0, max = 0;
for (let s = 1; s <= 1200; s++) {
  const a = performance.now();
  past.elapse(t0 + s * 1000);
  const b = performance.now();
  past.absorb(c);
  const d = performance.now();
  if (s % 60 === 0) { min += b - a; mins++; max = Math.max(max, b - a); } else sec += b - a;
  abs += d - b;
}
console.log('second us', (sec / (1200 - mins)) * 1000, 'minute ms', min / mins, 'max', max, 'absorb all us', (abs / 1200) * 1000);
