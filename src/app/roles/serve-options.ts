/** What `assay serve` was told, as it was written. */
export interface ServeOptions {
  readonly role: string;
  readonly config: string;
  /** Of a signer or a standby: where the configuration stands to which it goes over. */
  readonly next?: string;
  readonly data: string;
  readonly record?: string;
  /** Of a standalone process. */
  readonly state?: string;
  readonly keystore?: string;
  readonly developmentKey?: boolean;
  readonly remoteSigner?: string;
  readonly signerAddress?: string;
  readonly host?: string;
  readonly port?: string;
}

/** A role that has been taken up. */
export interface Serving {
  stop(): Promise<void>;
}
