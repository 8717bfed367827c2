import { z } from 'zod';
import { MAX_GROUP_FEEDS } from '../../oracle/reporting/packed-group';
import { MAX_DECIMALS } from '../../oracle/units/decimal';
import { TICK_MS } from '../../oracle/units/time';

/** The shapes of the five files: strict, so that a misspelt key is a fault and never a silent default. */

const count = z.int().min(1);
const bps = z.number().positive().max(10_000);
const durationMs = z.int().min(0);
const ageMs = z.int().min(1);
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name is small letters, digits and dashes, 32 at most');
const currency = z.string().regex(/^(?!10{3})[A-Z0-9]{1,15}$/, 'a currency is capitals and digits, counted one by one');
const environmentVariable = z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'an environment variable is capitals, digits and _');
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an address is 0x and 40 hex digits');

export const cutsSchema = z.strictObject({
  minIntervalMs: z.int().min(TICK_MS),
  maxIntervalMs: z.int().max(60_000),
  validForMs: z.int().max(600_000),
});

export const policySchema = z.strictObject({
  minUpstreams: count,
  okUpstreams: count,
  minNative: z.int().min(0),
  medianToleranceBps: bps,
  maxNativeGapBps: bps,
  maxSpreadBps: bps,
  wideBandBps: bps,
  maxAgeMs: ageMs,
  disagreementHaltMs: durationMs,
  graceMs: durationMs,
  warmUpMs: durationMs,
});

const marketShape = {
  venue: nameSchema,
  /** As the venue spells it; absent: spelt by the venue's `symbols`. */
  instrument: z.string().min(1).max(64).optional(),
  multiplier: z.number().positive().default(1),
  maxAgeMs: ageMs.optional(),
};
const orVenue = (source: unknown): unknown => (typeof source === 'string' ? { venue: source } : source);
const sourceSchema = z.preprocess(
  orVenue,
  z.strictObject({ ...marketShape, weight: z.number().positive().optional() }),
);
const anchorSchema = z.preprocess(orVenue, z.strictObject({ ...marketShape, maxDeviationBps: bps.optional() }));
export type SourceRow = z.output<typeof sourceSchema> | z.output<typeof anchorSchema>;

export const feedSchema = z.strictObject({
  id: z
    .string()
    .max(31)
    .regex(
      /^(?!10{3})([A-Z0-9]+)\/(?!10{3}|\1$)[A-Z0-9]+$/,
      'a feed is BASE/QUOTE, two different currencies in capitals and digits, counted one by one',
    ),
  assetVersion: count.default(1),
  decimals: z.int().min(0).max(MAX_DECIMALS),
  nominalPrice: z.number().positive(),
  nominalVolatility: z.number().positive().max(10),
  ...policySchema.partial().shape,
  sources: z.record(currency, z.array(sourceSchema).min(1)),
  anchors: z.record(currency, z.array(anchorSchema).min(1)).default({}),
});
export type FeedRow = z.output<typeof feedSchema>;

export const groupsSchema = z.record(nameSchema, z.array(z.string()).min(1).max(MAX_GROUP_FEEDS)).default({});

export const venueDefaultsSchema = z.strictObject({ maxFutureMs: durationMs, maxDeviationBps: bps.default(100) });

export const venueSchema = z.strictObject({
  dialect: nameSchema,
  upstream: nameSchema,
  symbols: z
    .string()
    .regex(
      /^(\{BASE\}[-_/:]?\{QUOTE\}|\{QUOTE\}[-_/:]?\{BASE\}|\{base\}[-_/:]?\{quote\}|\{quote\}[-_/:]?\{base\})([-_/:][A-Za-z]+)?$/,
      'symbols are {BASE} and {QUOTE}, or {base} and {quote}, with one of - _ / : or nothing between, and a suffix like -SWAP',
    ),
  weight: z.number().positive(),
  maxFutureMs: durationMs.optional(),
  maxDeviationBps: bps.optional(),
  endpoint: z.url({ protocol: /^wss?$/ }).optional(),
});
export type VenueRow = z.output<typeof venueSchema>;

const readerSchema = z.strictObject({
  kind: z.literal('chainlink'),
  feed: z.string(),
  address,
  decimals: z.int().min(0).max(18),
  heartbeatMs: ageMs,
  thresholdBps: bps,
  maxAgeMs: ageMs,
  maxDeviationBps: bps,
});

export const chainSchema = z.strictObject({
  chainId: count,
  rpcUrlEnv: environmentVariable,
  pollMs: z.int().min(100),
  readers: z.array(readerSchema),
});
export type ChainRow = z.output<typeof chainSchema>;

const ruleSchema = z.strictObject({ severity: z.enum(['warning', 'critical']), forMs: durationMs });

export const rulesSchema = z.strictObject({
  sourceDown: ruleSchema,
  mediansDisagree: ruleSchema,
  feedHalted: ruleSchema,
});

export const sinksSchema = z.strictObject({
  log: z.boolean(),
  webhook: z.strictObject({ urlEnv: environmentVariable, timeoutMs: ageMs }).optional(),
});

export const httpSchema = z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) });
export const ledgerSchema = z.strictObject({ retainMs: ageMs });
export const signerSchema = z.strictObject({ epoch: z.int().min(0).max(0xffff_ffff) });
export const operatorsSchema = z.array(address);
