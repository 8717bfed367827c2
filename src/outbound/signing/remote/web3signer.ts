import {
  ConsecutiveBreaker,
  ConstantBackoff,
  type IPolicy,
  circuitBreaker,
  handleAll,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import type { Keccak } from '../../../oracle/reporting/keccak';
import { boundedHttp, isTransient, type BoundedHttp } from '../../bounded-http';
import { addressOf, checksummed } from '../address';
import type { Secp256k1 } from '../secp256k1';
import type { RemoteSigner } from '../signer';
import { RemoteSignerError, remoteFault } from './remote-signer-error';

export interface RemoteSignerSettings {
  /** `https://signer.internal:9000`, with a path or without. */
  readonly url: string;
  /** Whose signatures are wanted. */
  readonly address: string;
  /** For one signature, its second attempt included. */
  readonly timeoutMs: number;
}

/** Whoever votes, observes and greets at once asks so often. */
const SOCKETS = 8;
/** The list of some hundred keys. */
const MAX_ANSWER_BYTES = 64 * 1024;
const MAX_SIGNATURE_BYTES = 1024;
/** A kept connection may have been closed by the other side just now: it is tried again once. */
const RETRIES = 1;
const RETRY_DELAY_MS = 10;
const BREAK_AFTER = 5;
const BREAK_MS = 1_000;
/** What no transaction and no typed data begins with, so that to sign it promises nothing. */
const PROBE = Buffer.from('Assay asks at its start whether this key signs.');

/**
 * A key that a web3signer holds (https://docs.web3signer.consensys.io). `POST /api/v1/eth1/sign/{public key}` signs the
 * keccak256 of its `data`, without a prefix; given the 66 bytes that EIP-712 hashes, that is the signature wanted, from
 * every version. `eth_signTypedData` would send all fields, and `applyHash`, which takes a digest, is of 2026. Every
 * signature is proved to be of the configured address, with the lower s, before anyone sees it.
 */
export class Web3Signer implements RemoteSigner {
  readonly isRemote = true;
  private readonly host: string;
  private readonly closing = new AbortController();
  private readonly client: BoundedHttp;
  private readonly policy: IPolicy;
  private signPath = '';

  private constructor(
    private readonly settings: RemoteSignerSettings,
    private readonly curve: Pick<Secp256k1, 'recover'>,
    private readonly keccak: Keccak,
    readonly address: string,
  ) {
    this.host = new URL(settings.url).host;
    this.client = boundedHttp({ sockets: SOCKETS, maxAnswerBytes: MAX_ANSWER_BYTES });
    const transient = handleWhen((error) => !this.closing.signal.aborted && isTransient(error));
    this.policy = wrap(
      circuitBreaker(handleAll, { halfOpenAfter: BREAK_MS, breaker: new ConsecutiveBreaker(BREAK_AFTER) }),
      retry(transient, { maxAttempts: RETRIES, backoff: new ConstantBackoff(RETRY_DELAY_MS) }),
    );
  }

  /** Throws RemoteSignerError where the signer is not there, does not have the key, or does not sign with it. */
  static async open(
    settings: RemoteSignerSettings,
    curve: Pick<Secp256k1, 'recover'>,
    keccak: Keccak,
  ): Promise<Web3Signer> {
    const signer = new Web3Signer(settings, curve, keccak, checksummed(settings.address, keccak));
    try {
      await signer.findKey();
      await signer.sign(PROBE);
      return signer;
    } catch (error) {
      signer.close();
      throw error;
    }
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    const body = JSON.stringify({ data: `0x${Buffer.from(message).toString('hex')}` });
    return this.bounded(async (signal) => {
      const answer = await this.client.http.post<string>(this.at(this.signPath), body, {
        signal,
        headers: { 'content-type': 'application/json' },
        maxContentLength: MAX_SIGNATURE_BYTES,
      });
      return this.proved(answer.data, this.keccak(message));
    });
  }

  close(): void {
    this.closing.abort();
    this.client.close();
  }

  private async findKey(): Promise<void> {
    const list = await this.bounded(async (signal) => {
      const answer = await this.client.http.get<string>(this.at('publicKeys'), { signal });
      return answer.data;
    });
    const keys = this.publicKeys(list);
    const key = keys.find((one) => this.addressOfKey(one) === this.address);
    if (key === undefined) {
      const count = keys.length === 1 ? '1 key' : `${keys.length} keys`;
      throw new RemoteSignerError(
        'unknownKey',
        `remote signer ${this.host} does not hold the key of ${this.address}, but ${count} of others: load it there, ` +
          'or name another address',
      );
    }
    this.signPath = `sign/${key}`;
  }

  /** Within the time-out, by the policy, and with a fault by name. */
  private async bounded<Answer>(ask: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const { timeoutMs } = this.settings;
    const signal = AbortSignal.any([this.closing.signal, AbortSignal.timeout(timeoutMs)]);
    try {
      return await this.policy.execute(() => ask(signal), signal);
    } catch (error) {
      if (this.closing.signal.aborted) {
        throw new RemoteSignerError('closed', `remote signer ${this.host} is no longer asked: this process ends`);
      }
      throw remoteFault(error, this.host, timeoutMs);
    }
  }

  private at(path: string): string {
    return `${this.settings.url.replace(/\/+$/, '')}/api/v1/eth1/${path}`;
  }

  private publicKeys(list: string): string[] {
    let keys: unknown;
    try {
      keys = JSON.parse(list);
    } catch {
      keys = undefined;
    }
    const isKey = (key: unknown): key is string => typeof key === 'string' && PUBLIC_KEY.test(key);
    if (Array.isArray(keys) && keys.every(isKey)) return keys;
    throw new RemoteSignerError(
      'malformed',
      `remote signer ${this.host} gave no list of public keys: is it a web3signer?`,
    );
  }

  private addressOfKey(key: string): string {
    return addressOf(Buffer.from(`04${key.slice(-128)}`, 'hex'), this.keccak);
  }

  private proved(text: string, digest: Uint8Array): Uint8Array {
    if (!SIGNATURE.test(text.trim())) {
      throw new RemoteSignerError(
        'malformed',
        `remote signer ${this.host} answered with something that is no signature`,
      );
    }
    const signature = new Uint8Array(Buffer.from(text.trim().slice(2), 'hex'));
    const key = this.curve.recover(digest, signature);
    const by = key && addressOf(key, this.keccak);
    if (by === this.address) return signature;
    const whose = by === undefined ? 'malleable or no signature at all' : `of ${by}, or of something else`;
    throw new RemoteSignerError(
      'wrongSignature',
      `remote signer ${this.host} gave a signature that is not of ${this.address}: it is ${whose}`,
    );
  }
}

/** Uncompressed, with its leading 04 or without. */
const PUBLIC_KEY = /^(0x)?(04)?[0-9a-fA-F]{128}$/;
const SIGNATURE = /^0x[0-9a-fA-F]{130}$/;
