import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Keccak } from '../../src/oracle/reporting/keccak';
import { loadSecp256k1, type Secp256k1 } from '../../src/outbound/signing/secp256k1';
import { loadKeccak } from '../../src/platform/keccak';

/** What a signer does with a request to sign. */
export type Manner =
  | 'signs'
  | 'hangs'
  | 'drops the connection'
  | 'answers garbage'
  | 'answers without end'
  | 'redirects'
  | 'answers 500'
  | 'forgot the key'
  | 'signs with another key'
  | 'signs something else'
  | 'signs with the higher s'
  | 'hashes nothing';

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HOST = '127.0.0.1';

/** A web3signer on loopback (https://docs.web3signer.consensys.io), which misbehaves as it is told. */
export class FakeWeb3signer {
  manner: Manner = 'signs';
  /** Taken before each answer to a request to sign. */
  gate: Promise<void> = Promise.resolve();
  /** What it was asked to sign, as hex. */
  readonly asked: string[] = [];
  /** The list of keys, where it is not that of its key. */
  list: string | undefined;
  private readonly server: Server;

  private constructor(
    private readonly privateKey: Uint8Array,
    private readonly other: Uint8Array,
    private readonly curve: Secp256k1,
    private readonly keccak: Keccak,
  ) {
    this.server = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  /** @param port chosen by the system where none is given */
  static async open(privateKey: Uint8Array, other: Uint8Array, port = 0): Promise<FakeWeb3signer> {
    const fake = new FakeWeb3signer(privateKey, other, await loadSecp256k1(), await loadKeccak());
    await fake.listen(port);
    return fake;
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async listen(port: number): Promise<void> {
    this.server.listen(port, HOST);
    await once(this.server, 'listening');
  }

  /** Ends as a process does: nothing listens any more, and what was open is closed. */
  async close(): Promise<void> {
    this.server.closeAllConnections();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private get publicKey(): string {
    return `0x${Buffer.from(this.curve.publicKey(this.privateKey)).toString('hex', 1)}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { publicKey } = this;
    if (request.method === 'GET' && request.url === '/api/v1/eth1/publicKeys') {
      response.setHeader('content-type', 'application/json').end(this.list ?? JSON.stringify([publicKey]));
      return;
    }
    if (request.method !== 'POST' || request.url !== `/api/v1/eth1/sign/${publicKey}`) {
      response.writeHead(404).end();
      return;
    }
    const { data } = JSON.parse(await text(request)) as { readonly data: string };
    this.asked.push(data);
    await this.gate;
    this.sign(Buffer.from(data.slice(2), 'hex'), response);
  }

  private sign(data: Uint8Array, response: ServerResponse): void {
    const { keccak, privateKey, other } = this;
    const plain = (signature: Uint8Array): void => {
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.end(`0x${Buffer.from(signature).toString('hex')}`);
    };
    switch (this.manner) {
      case 'signs':
        return plain(this.curve.sign(keccak(data), privateKey));
      case 'signs with another key':
        return plain(this.curve.sign(keccak(data), other));
      case 'signs something else':
        return plain(this.curve.sign(keccak(keccak(data)), privateKey));
      case 'hashes nothing':
        return plain(this.curve.sign(new Uint8Array(data.subarray(-32)), privateKey));
      case 'signs with the higher s':
        return plain(malleated(this.curve.sign(keccak(data), privateKey)));
      case 'answers garbage':
        response.end('{"signature":"yes"}');
        return;
      case 'answers without end':
        response.write('0x');
        response.end('ab'.repeat(64 * 1024));
        return;
      case 'redirects':
        response.writeHead(307, { location: `${this.url}/elsewhere` }).end();
        return;
      case 'answers 500':
        response.writeHead(500).end();
        return;
      case 'forgot the key':
        response.writeHead(404).end();
        return;
      case 'drops the connection':
        response.destroy();
        return;
      case 'hangs':
        return;
    }
  }
}

function malleated(signature: Uint8Array): Uint8Array {
  const twin = new Uint8Array(signature);
  const s = ORDER - BigInt(`0x${Buffer.from(signature.subarray(32, 64)).toString('hex')}`);
  twin.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex'), 32);
  twin[64] = signature[64] === 27 ? 28 : 27;
  return twin;
}
