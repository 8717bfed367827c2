import { z } from 'zod';
import { MAX_GROUP_FEEDS } from '../../oracle/reporting/packed-group';
import { MAX_DECIMALS } from '../../oracle/units/decimal';
import { DAY_MS, HOUR_MS, MINUTE_MS, TICK_MS } from '../../oracle/units/time';
import { haircutKeys, haircutSchema } from './haircut-schema';

/** The shapes of the five files: strict, so that a misspelt key is a fault and never a silent default. */

/** 150 blocks of Ethereum: who moves a pool for so long pays arbitrageurs all the while. */
const MIN_POOL_WINDOW_MS = 30 * MINUTE_MS;

export const count = z.int().min(1);
export const bps = z.number().positive().max(10_000);
const durationMs = z.int().min(0);
export const ageMs = z.int().min(1);
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'a name is small letters, digits and dashes, 32 at most');
const currency = z.string().regex(/^(?!10{3})[A-Z0-9]{1,15}$/, 'a currency is capitals and digits, counted one by one');
export const environmentVariable = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'an environment variable is capitals, digits and _');
export const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, 'an address is 0x and 40 hex digits');

export const cutsSchema = z.strictObject({
  minIntervalMs: z.int().min(TICK_MS),
  maxIntervalMs: z.int().max(60_000),
  validForMs: z.int().max(600_000),
});

const policyKeys = {
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
};

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `Sun 22:00 - Fri 21:00`, in UTC, whatever the time of year. */
const weeklyWindow = z
  .string()
  .regex(
    /^((?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) (?:[01]\d|2[0-3]):[0-5]\d) - (?!\1)(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) (?:[01]\d|2[0-3]):[0-5]\d$/,
    'hours are two instants of a week in UTC, as in Sun 22:00 - Fri 21:00',
  )
  .transform((window) => {
    const [opensAtMs = 0, closesAtMs = 0] = window.split(' - ').map(instantOfWeek);
    return { opensAtMs, closesAtMs };
  });

function instantOfWeek(text: string): number {
  const [day = '', time = ''] = text.split(' ');
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return DAYS.indexOf(day) * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS;
}

/** Limits of guards, each with a default that suits most markets. */
const guardKeys = {
  minFreshShare: z.number().min(0).max(1),
  minAnchors: z.int().min(0),
  minAnchorsToHalt: count,
  maxJumpBps: bps,
  maxRateBps: bps,
  maxTwapGapBps: bps,
  maxClockMs: ageMs,
  maxQuietMs: ageMs,
};

export const policySchema = z.strictObject({
  ...policyKeys,
  minFreshShare: guardKeys.minFreshShare.default(0.25),
  minAnchors: guardKeys.minAnchors.default(0),
  minAnchorsToHalt: guardKeys.minAnchorsToHalt.default(2),
  maxJumpBps: guardKeys.maxJumpBps.default(2_000),
  maxRateBps: guardKeys.maxRateBps.default(400),
  maxTwapGapBps: guardKeys.maxTwapGapBps.default(200),
  maxClockMs: guardKeys.maxClockMs.default(5_000),
  maxQuietMs: guardKeys.maxQuietMs.optional(),
  haircut: haircutSchema.prefault({}),
});

const marketShape = {
  venue: nameSchema,
  /** As the venue spells it; absent: spelt by the venue's `symbols`. */
  instrument: z.string().min(1).max(64).optional(),
  multiplier: z.number().positive().default(1),
  maxAgeMs: ageMs.optional(),
  maxQuietMs: ageMs.optional(),
};
const orVenue = (source: unknown): unknown => (typeof source === 'string' ? { venue: source } : source);
const sourceSchema = z.preprocess(
  orVenue,
  z.strictObject({ ...marketShape, weight: z.number().positive().optional() }),
);
const anchorSchema = z.preprocess(orVenue, z.strictObject({ ...marketShape, maxDeviationBps: bps.optional() }));
/** Two steps of the grid on which it is looked at. */
const IMPLIED_AGE_MS = 10 * MINUTE_MS;
export const impliedSchema = z.strictObject({ venue: nameSchema, maxAgeMs: ageMs.default(IMPLIED_AGE_MS) });

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
  ...z.strictObject({ ...policyKeys, ...guardKeys }).partial().shape,
  haircut: z.strictObject(haircutKeys).partial().default({}),
  marketHours: z.array(weeklyWindow).min(1).optional(),
  sources: z.record(currency, z.array(sourceSchema).min(1)),
  anchors: z.record(currency, z.array(anchorSchema).min(1)).default({}),
  impliedVolatility: z.preprocess(orVenue, impliedSchema).optional(),
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
  publishes: z.enum(['prices', 'volatility']).default('prices'),
  endpoint: z.url({ protocol: /^wss?$/ }).optional(),
});
export type VenueRow = z.output<typeof venueSchema>;

const chainlinkSchema = z.strictObject({
  kind: z.literal('chainlink'),
  feed: z.string(),
  address,
  decimals: z.int().min(0).max(18),
  heartbeatMs: ageMs,
  thresholdBps: bps,
  maxAgeMs: ageMs,
  as: z.enum(['anchor', 'source']).default('anchor'),
  maxDeviationBps: bps.optional(),
  weight: z.number().positive().optional(),
});

const redemptionShape = {
  feed: z.string(),
  underlying: z.string(),
  address,
  nominalRate: z.number().positive(),
  maxGrowthPerYear: z.number().min(0).max(10),
  maxFall: z.number().min(0).max(1),
  maxAgeMs: ageMs,
  maxPegGapBps: bps,
};

const vaultSchema = z.strictObject({ kind: z.literal('erc4626'), ...redemptionShape, asset: address });

const rateSchema = z.strictObject({
  kind: z.literal('rate'),
  ...redemptionShape,
  selector: z.string().regex(/^0x[0-9a-fA-F]{8}$/, 'a selector is 0x and 8 hex digits'),
  decimals: z.int().min(0).max(36),
});

const poolSchema = z.strictObject({
  kind: z.literal('uniswap-v3'),
  feed: z.string(),
  address,
  baseToken: address,
  quoteToken: address,
  quote: currency,
  windowMs: z.int().min(MIN_POOL_WINDOW_MS),
  maxAgeMs: ageMs,
  maxDeviationBps: bps,
});

export const sequencerSchema = z.strictObject({ address, graceMs: ageMs, maxBlockAgeMs: ageMs });

const readerSchema = z.discriminatedUnion('kind', [chainlinkSchema, vaultSchema, rateSchema, poolSchema]);
export type ReaderRow = z.output<typeof readerSchema>;

export const chainSchema = z.strictObject({
  chainId: count,
  rpcUrlEnv: environmentVariable,
  agree: count.optional(),
  pollMs: z.int().min(100),
  sequencer: sequencerSchema.optional(),
  readers: z.array(readerSchema),
});

const ruleSchema = z.strictObject({ severity: z.enum(['warning', 'critical']), forMs: durationMs });

export const rulesSchema = z.strictObject({
  sourceDown: ruleSchema,
  mediansDisagree: ruleSchema,
  feedHalted: ruleSchema,
  cheapToMove: ruleSchema.extend({ floors: z.record(z.string(), z.number().positive()) }).optional(),
});

export const sinksSchema = z.strictObject({
  log: z.boolean(),
  webhook: z.strictObject({ urlEnv: environmentVariable, timeoutMs: ageMs }).optional(),
});

export const httpSchema = z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) });
export const ledgerSchema = z.strictObject({ retainMs: ageMs });

/** A cut that waits longer for its signature is published by none. */
export const DEFAULT_SIGNER_TIMEOUT_MS = 500;

/** Credentials have no place in an address: whoever may reach a remote signer may sign, so that its network is what guards it. */
export const remoteSignerSchema = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'the address of a signer is http:// or https://' })
    .refine((text) => URL.canParse(text) && new URL(text).username === '' && !/[?#]/.test(text), {
      message: 'an address without user, password or query: guard the signer by its network',
    }),
  address,
  timeoutMs: z.int().min(10).max(5_000).default(DEFAULT_SIGNER_TIMEOUT_MS),
});
export const signerSchema = z.strictObject({
  epoch: z.int().min(0).max(0xffff_ffff),
  remote: remoteSignerSchema.optional(),
});
export const operatorsSchema = z.array(address);
