import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/**
 * Every metric there is, in the order in which data flows. Base units (seconds), and labels whose values come from
 * configuration or from lists in the code, never from a frame or a request. One registry for each app: two apps of one
 * process, as in tests, share nothing.
 */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,

    frames: new Counter({
      name: 'assay_frames_total',
      help: 'Frames received, by venue and by what they were: quote, control or rejected.',
      labelNames: ['venue', 'outcome'],
      registers,
    }),
    rejections: new Counter({
      name: 'assay_rejections_total',
      help: 'Frames that gave no quote and should have, by venue and reason.',
      labelNames: ['venue', 'reason'],
      registers,
    }),
    connectionsOpen: new Gauge({
      name: 'assay_connections_open',
      help: 'Connections to venues that are open now.',
      labelNames: ['venue'],
      registers,
    }),
    connectionsEnded: new Counter({
      name: 'assay_connections_ended_total',
      help: 'Connections to venues that ended or never opened, by venue and by what ended them.',
      labelNames: ['venue', 'end'],
      registers,
    }),
    reads: new Counter({
      name: 'assay_chain_reads_total',
      help: 'Readings of anchors on chains, by chain and outcome: read or failed.',
      labelNames: ['chain', 'outcome'],
      registers,
    }),

    verdicts: new Counter({
      name: 'assay_verdicts_total',
      help: 'What became of sources at cuts, by the stage that decided it.',
      labelNames: ['stage', 'verdict'],
      registers,
    }),
    cuts: new Counter({ name: 'assay_cuts_total', help: 'Cuts made and signed.', registers }),
    feeds: new Gauge({
      name: 'assay_feeds',
      help: 'Feeds by their present status.',
      labelNames: ['status'],
      registers,
    }),
    price: new Gauge({
      name: 'assay_price',
      help: 'The last published price, in the quote currency; absent while there is none.',
      labelNames: ['feed'],
      registers,
    }),
    priceAge: new Gauge({
      name: 'assay_price_age_seconds',
      help: 'Age of the last published price: since the median of its sources spoke. Absent while there is none.',
      labelNames: ['feed'],
      registers,
    }),
    cutSeconds: new Histogram({
      name: 'assay_cut_seconds',
      help: 'From the first frame that no cut has answered yet to the signed snapshot that does.',
      buckets: [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1, 1],
      registers,
    }),

    quorumSeconds: new Histogram({
      name: 'assay_quorum_seconds',
      help: 'From the instant of a cut to its certificate, by all that it takes: observing, proposing, signing.',
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers,
    }),
    quorumPeers: new Gauge({ name: 'assay_quorum_peers', help: 'Peers that are connected and proved.', registers }),
    quorumGaps: new Counter({
      name: 'assay_quorum_gaps_total',
      help: 'Runs of slots that passed without a cut, by the reason.',
      labelNames: ['reason'],
      registers,
    }),
    quorumRefusals: new Counter({
      name: 'assay_quorum_refusals_total',
      help: "Messages of peers that were not heeded, by kind; the log's debug level says why.",
      labelNames: ['kind'],
      registers,
    }),
    quorumEquivocations: new Counter({
      name: 'assay_quorum_equivocations_total',
      help: 'Proofs that a signer said two things about one cut, by kind.',
      labelNames: ['kind'],
      registers,
    }),

    remoteSignatures: new Counter({
      name: 'assay_remote_signatures_total',
      help: 'Signatures that a remote signer was asked for, by outcome: signed, or why there is none.',
      labelNames: ['outcome'],
      registers,
    }),
    ledgerAppends: new Counter({
      name: 'assay_ledger_appends_total',
      help: 'Entries to be appended to the ledger, by outcome: appended or failed.',
      labelNames: ['outcome'],
      registers,
    }),
    streamSubscribers: new Gauge({
      name: 'assay_stream_subscribers',
      help: 'Connections to the stream that are open now.',
      registers,
    }),
    streamConflations: new Counter({
      name: 'assay_stream_conflations_total',
      help: 'Updates that a slow subscriber was spared because a newer one followed.',
      registers,
    }),
    streamClosed: new Counter({
      name: 'assay_stream_closed_total',
      help: 'Connections to the stream that were closed, by close code.',
      labelNames: ['code'],
      registers,
    }),
    alertsFiring: new Gauge({
      name: 'assay_alerts_firing',
      help: 'Alerts that fire now, by rule and severity.',
      labelNames: ['rule', 'severity'],
      registers,
    }),
    alertDeliveries: new Counter({
      name: 'assay_alert_deliveries_total',
      help: 'Alert changes to be delivered, by sink and outcome: delivered or failed.',
      labelNames: ['sink', 'outcome'],
      registers,
    }),

    relayTransactions: new Counter({
      name: 'assay_relay_transactions_total',
      help: 'Transactions of the relayer, by chain, group and what became of them: sent, stored, reverted or displaced.',
      labelNames: ['chain', 'group', 'outcome'],
      registers,
    }),
    relayGas: new Counter({
      name: 'assay_relay_gas_total',
      help: 'Gas used by the relayer, reverted transactions included.',
      labelNames: ['chain'],
      registers,
    }),
    relayGasToday: new Gauge({
      name: 'assay_relay_gas_today',
      help: 'Gas used by the relayer today, by UTC, a restart notwithstanding.',
      labelNames: ['chain'],
      registers,
    }),
    relayStoreAge: new Gauge({
      name: 'assay_relay_store_age_seconds',
      help: 'Age of the cut that a store holds; absent while it holds none.',
      labelNames: ['chain', 'group'],
      registers,
    }),
  } as const;
}

export type Metrics = ReturnType<typeof createMetrics>;

/** Adds what Node tells of the process itself: memory, event loop, garbage collection. Once for a process that serves. */
export function watchProcess({ registry }: Metrics): void {
  collectDefaultMetrics({ register: registry });
}
