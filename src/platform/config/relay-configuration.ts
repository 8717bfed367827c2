/** Whose prices a relayer carries, and to which stores. */
export interface RelayConfiguration {
  /** The stream of the service that publishes: `wss://…/v1/stream`. */
  readonly from: string;
  readonly chains: readonly RelayChain[];
}

/** One chain, on which one account pushes. */
export interface RelayChain {
  readonly name: string;
  readonly chainId: number;
  /** Names of the environment variables with the addresses of its nodes, in the order in which they are asked. */
  readonly rpcUrlEnvs: readonly string[];
  readonly blockMs: number;
  /** How often the chain is looked at; what changes what one may do is pushed without waiting for it. */
  readonly pollMs: number;
  /** Wei. */
  readonly maxFeePerGas: bigint;
  readonly maxGasPerDay: number;
  /** A transaction that has waited so long is replaced. */
  readonly replaceAfterMs: number;
  readonly stores: readonly RelayStore[];
}

export interface RelayStore {
  /** Name of the group, and its feeds in the order of their places. */
  readonly group: string;
  readonly feeds: readonly string[];
  readonly address: `0x${string}`;
  /** A group is pushed when what is stored is this old. */
  readonly heartbeatMs: number;
  /** By place: a group is pushed when a feed's price has moved this far from what is stored. */
  readonly deviationBps: readonly number[];
  /** Due for so long and still not told: worth an alert. */
  readonly lateAfterMs: number;
}
