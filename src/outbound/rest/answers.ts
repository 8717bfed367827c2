import { z } from 'zod';
import { STATUSES } from '../../oracle/report';
import { RISK_FLAGS } from '../../oracle/reporting/risk-head';
import { VERDICTS } from '../../oracle/verdict';

/** The shapes of all answers, for `GET /openapi.json`; the services' types are read off them. */
const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const whole = z.string().regex(/^\d+$/);
const status = z.enum(STATUSES);

export const feedsAnswer = z.array(
  z.strictObject({
    id: z.string(),
    asset: z.strictObject({ symbol: z.string(), version: z.int() }),
    quote: z.string(),
    decimals: z.int(),
    sources: z.int().describe('configured sources'),
    upstreams: z.int().describe('configured sources that could not be wrong together'),
    status: status.optional().describe('absent before the first report'),
    costToMove: z.number().optional().describe('as in /v1/liquidity'),
  }),
);

export const sourcesAnswer = z.array(
  z.strictObject({
    id: z.string(),
    venue: z.string(),
    instrument: z.string(),
    feed: z.string(),
    upstream: z.string(),
    leg: z.string().optional().describe('the feed that converts its quote currency; absent for a native source'),
    maxAgeMs: z.number(),
    verdict: z.enum(VERDICTS.map(({ name }) => name)).optional(),
  }),
);

export const verdictsAnswer = z.strictObject({
  feed: z.string(),
  verdicts: z.array(
    z.strictObject({
      source: z.string(),
      verdict: z.enum(VERDICTS.map(({ name }) => name)),
      stage: z.enum(VERDICTS.map(({ stage }) => stage)).describe('the stage that decided'),
      weight: z.number().describe('share of the vote, 0 to 1'),
      measured: z.number().optional().describe('bps for spreads, milliseconds for ages, otherwise the price'),
      limit: z.number().optional().describe('what was measured against, in the same unit'),
      depth: z.number().optional().describe('what its book visibly held per basis point, in the currency of the feed'),
    }),
  ),
});

export const liquidityAnswer = z.strictObject({
  feed: z.string(),
  quote: z.string().describe('the currency of every amount here'),
  cut: whole.optional().describe('when it was refreshed, once a minute; absent before the first'),
  costToMove: z
    .number()
    .optional()
    .describe('at least what it costs to move the price by 1 % and hold it for a minute; absent while not known'),
  upstreams: z.array(
    z.strictObject({
      upstream: z.string(),
      weight: z.number().describe('share of the vote while all vote, 0 to 1'),
      depth: z.number().optional().describe('what its book persistently holds per basis point; absent while not known'),
    }),
  ),
});

const leaf = z.strictObject({ leaf: hex, proof: z.array(hex) });

export const pricesAnswer = z.strictObject({
  header: z.strictObject({
    cut: whole,
    root: hex,
    riskRoot: hex,
    packedRoot: hex,
    configHash: hex,
    signerEpoch: z.int(),
    validUntil: whole,
  }),
  signature: hex,
  reports: z.array(
    z.strictObject({
      feed: z.string(),
      price: leaf,
      figures: leaf.optional(),
      view: z
        .looseObject({ status, price: decimal.optional() })
        .describe('the leaves in words; only leaves are signed'),
    }),
  ),
});

const riskTails = z
  .record(z.string(), z.strictObject({ valueAtRiskPpm: z.int(), expectedShortfallPpm: z.int() }))
  .optional()
  .describe('by level, 0.95 to 0.995, in millionths of the log price; absent without a basis');

export const riskAnswer = z.strictObject({
  header: pricesAnswer.shape.header,
  signature: hex,
  risk: z
    .array(
      z.strictObject({
        feed: z.string(),
        leaves: z.array(leaf).describe('a horizon each, then margin; they lead to header.riskRoot'),
        view: z
          .strictObject({
            asOf: whole.describe('number of a cut'),
            modelVersion: z.int(),
            flags: z.array(z.enum(RISK_FLAGS)),
            horizons: z.record(
              z.string(),
              z.strictObject({
                observations: z.int().describe('outcomes behind the tails'),
                sigmaPpm: z.int().optional(),
                fall: riskTails,
                rise: riskTails,
              }),
            ),
            haircut: z.strictObject({ rawPpm: z.int(), smoothedPpm: z.int() }).optional(),
            costToMove: whole.optional().describe('in whole units of the quote currency'),
            realisedPpm: z.int().optional().describe('of the last hour'),
            diffusivePpm: z.int().optional().describe('of it what is no jump'),
            implied: z
              .strictObject({
                volatilityPpm: z.int().describe('a year’s, of the thirty days to come'),
                observedAt: z.int(),
                dayWeightBps: z.int().describe('what it counts for in the volatility of a day'),
                tenDayWeightBps: z.int().describe('and of ten days'),
              })
              .optional()
              .describe('by options'),
            weightsBps: z.array(z.int()).describe('of the experts whose mixture is the volatility of one hour'),
          })
          .describe('the leaves in words; only leaves are signed'),
      }),
    )
    .length(1),
});

const rowsAbove = z.array(z.array(z.number())).describe('rows above the diagonal');

export const dependenceAnswer = z.strictObject({
  header: pricesAnswer.shape.header,
  signature: hex,
  dependence: z.strictObject({
    feeds: z.array(z.strictObject({ feed: z.string(), assetVersion: z.int() })).describe('the rows of the matrices'),
    leaves: z.array(leaf).describe('blocks of the correlation, then of the stress matrix'),
    view: z
      .strictObject({
        asOf: whole,
        modelVersion: z.int(),
        observations: z.int(),
        correlation: rowsAbove,
        stress: rowsAbove,
      })
      .describe('the leaves in words; only leaves are signed'),
    sharedFactors: z
      .array(
        z.strictObject({
          feed: z.string(),
          factor: z.string().describe('the feed that it rests on'),
          kind: z.enum(['quote', 'base']).describe('converted through it, or redeemed for it'),
          loading: z.number().describe('by how much the feed moves, for each part by which the factor alone moves'),
        }),
      )
      .describe('not signed: it follows from the configuration, whose hash is'),
  }),
});

export const groupsAnswer = z.array(
  z.strictObject({
    name: z.string(),
    hash: hex.describe('by which contracts know the group'),
    feeds: z.array(z.strictObject({ id: z.string(), assetVersion: z.int(), decimals: z.int() })),
  }),
);

export const groupAnswer = z.strictObject({
  header: pricesAnswer.shape.header,
  signature: hex,
  groups: z
    .array(z.strictObject({ group: z.string(), hash: hex, ...leaf.shape, message: hex.describe('docs/packed.md') }))
    .length(1),
});

export const healthAnswer = z.strictObject({
  ok: z.boolean(),
  checks: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

export type FeedsAnswer = z.infer<typeof feedsAnswer>;
export type GroupsAnswer = z.infer<typeof groupsAnswer>;
export type SourcesAnswer = z.infer<typeof sourcesAnswer>;
export type LiquidityAnswer = z.infer<typeof liquidityAnswer>;
export type VerdictsAnswer = z.infer<typeof verdictsAnswer>;
