import { once } from 'node:events';
import WebSocket from 'ws';
import { anvilSigners, NETWORK } from '../../../../../test/support/quorum';
import type { Keccak } from '../../../../oracle/reporting/keccak';
import { systemTimers } from '../../../../platform/clock/system-clock';
import { loadKeccak } from '../../../../platform/keccak';
import type { KeySigner } from '../../key-signer';
import { statementSigner } from '../../statement-signer';
import { loadSecp256k1 } from '../../secp256k1';
import { Statements } from '../statements';
import { encodeMessage, type PeerMessage } from '../wire';
import { MAX_MESSAGE_BYTES, PEER_CLOSE } from './peer-link';
import { PeerMesh, type MeshEvent, type PeerAddress } from './peer-mesh';

const HOST = '127.0.0.1';
const WANTS: PeerMessage = { kind: 'wants', cut: 7, digest: new Uint8Array(32).fill(9) };

let keccak: Keccak;
let signers: KeySigner[];
let statements: Statements;
beforeAll(async () => {
  keccak = await loadKeccak();
  signers = await anvilSigners(4, keccak);
  statements = new Statements(NETWORK, keccak, await loadSecp256k1());
});

/** A mesh that tells what happens to it. */
class Probe {
  readonly mesh: PeerMesh;
  readonly events: MeshEvent[] = [];
  readonly heard: { readonly from: string; readonly message: PeerMessage }[] = [];
  private waiting = new Set<() => void>();

  constructor(identity: KeySigner, peers: readonly PeerAddress[], followers: readonly string[] = []) {
    const wake = (): void => this.waiting.forEach((look) => look());
    this.mesh = new PeerMesh({
      identity: statementSigner(identity, statements.keccak),
      statements,
      peers,
      followers,
      timers: systemTimers,
      random: () => 0,
      receive: (from, message) => {
        this.heard.push({ from, message });
        wake();
      },
      log: (event) => {
        this.events.push(event);
        wake();
      },
    });
  }

  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }
}

const addressOf = (signer: KeySigner): string => signer.address.toLowerCase();

describe('PeerMesh', () => {
  const running: PeerMesh[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((mesh) => mesh.stop()));
  });

  /** The peer with the larger address listens; so it is dialled. */
  async function listening(followers: readonly string[] = [], port = 0): Promise<[Probe, string]> {
    const peers = signers.slice(0, 3).map((signer) => ({ address: addressOf(signer), url: 'ws://127.0.0.1:1' }));
    const probe = new Probe(signers[2]!, peers, followers);
    const bound = await probe.mesh.start({ host: HOST, port });
    running.push(probe.mesh);
    return [probe, `ws://${HOST}:${bound!}`];
  }

  async function dialling(identity: KeySigner, url: string): Promise<Probe> {
    const probe = new Probe(identity, [
      { address: addressOf(signers[2]!), url },
      { address: addressOf(signers[0]!), url: 'ws://127.0.0.1:1' },
    ]);
    running.push(probe.mesh);
    await probe.mesh.start(undefined);
    return probe;
  }

  it('carries messages both ways between peers that proved their keys', async () => {
    const [server, url] = await listening();
    const client = await dialling(signers[0]!, url);
    await Promise.all([
      server.until(() => server.mesh.connected.length === 1),
      client.until(() => client.mesh.connected.length === 1),
    ]);
    client.mesh.broadcast(WANTS);
    server.mesh.send(addressOf(signers[0]!), WANTS);
    await Promise.all([server.until(() => server.heard.length === 1), client.until(() => client.heard.length === 1)]);
    expect(server.heard[0]!.from).toBe(addressOf(signers[0]!));
    expect(encodeMessage(client.heard[0]!.message)).toEqual(encodeMessage(WANTS));
  });

  it('welcomes a follower that is named, and nobody else', async () => {
    const [server, url] = await listening([addressOf(signers[3]!)]);
    const follower = await dialling(signers[3]!, url);
    await follower.until(() => follower.mesh.connected.length === 1);
    await server.mesh.stop();

    const [strict, strictUrl] = await listening();
    const stranger = await dialling(signers[3]!, strictUrl);
    await strict.until(() => strict.events.some(({ reason }) => reason?.includes('no peer of this quorum') === true));
    expect(strict.mesh.connected).toEqual([]);
    expect(stranger.mesh.connected).toEqual([]);
  });

  it('dials again when the other side comes back', async () => {
    const [first, url] = await listening();
    const client = await dialling(signers[0]!, url);
    await client.until(() => client.mesh.connected.length === 1);
    await first.mesh.stop();
    await client.until(() => client.mesh.connected.length === 0);
    await listening([], Number(new URL(url).port));
    await client.until(() => client.mesh.connected.length === 1);
  });

  /** Greets with an address and answers the challenge as `sign` says. */
  async function pose(url: string, address: string, sign: (challenge: Buffer) => Uint8Array | string): Promise<number> {
    const socket = new WebSocket(url);
    socket.on('open', () =>
      socket.send(Buffer.concat([Uint8Array.of(1), Buffer.alloc(32, 5), Buffer.from(address.slice(2), 'hex')])),
    );
    socket.once('message', (greeting: Buffer) => socket.send(sign(greeting.subarray(1, 33))));
    const [code] = (await once(socket, 'close')) as [number];
    return code;
  }

  it.each<[string, (challenge: Buffer) => Uint8Array | string, number]>([
    [
      'another key signed',
      (challenge) =>
        signers[1]!.sign(
          statements.greeting({
            challenge,
            own: Buffer.alloc(32, 5),
            from: signers[0]!.address,
            to: signers[2]!.address,
          }),
        ),
      PEER_CLOSE.unproved,
    ],
    [
      'another challenge was signed',
      () =>
        signers[0]!.sign(
          statements.greeting({
            challenge: Buffer.alloc(32),
            own: Buffer.alloc(32, 5),
            from: signers[0]!.address,
            to: signers[2]!.address,
          }),
        ),
      PEER_CLOSE.unproved,
    ],
    [
      'it was signed for another peer',
      (challenge) =>
        signers[0]!.sign(
          statements.greeting({
            challenge,
            own: Buffer.alloc(32, 5),
            from: signers[0]!.address,
            to: signers[1]!.address,
          }),
        ),
      PEER_CLOSE.unproved,
    ],
    ['it is noise', () => Buffer.alloc(65), PEER_CLOSE.unproved],
    ['it is text', () => 'hello', PEER_CLOSE.malformed],
  ])('hears nobody whose proof is false: %s', async (_what, sign, code) => {
    const [server, url] = await listening();
    expect(await pose(url, addressOf(signers[0]!), sign)).toBe(code);
    expect(server.mesh.connected).toEqual([]);
  });

  it.each<[string, Buffer, number]>([
    ['what is no message', Buffer.from([99]), PEER_CLOSE.malformed],
    ['what is too large to be one', Buffer.alloc(MAX_MESSAGE_BYTES + 1), 1009],
  ])('closes on a proved peer that sends %s, and goes on', async (_what, bytes, code) => {
    const [server, url] = await listening();
    const socket = new WebSocket(url);
    socket.on('open', () =>
      socket.send(
        Buffer.concat([Uint8Array.of(1), Buffer.alloc(32, 5), Buffer.from(signers[0]!.address.slice(2), 'hex')]),
      ),
    );
    socket.once('message', (greeting: Buffer) => {
      socket.send(
        signers[0]!.sign(
          statements.greeting({
            challenge: greeting.subarray(1, 33),
            own: Buffer.alloc(32, 5),
            from: signers[0]!.address,
            to: signers[2]!.address,
          }),
        ),
      );
      socket.send(bytes);
    });
    const [closed] = (await once(socket, 'close')) as [number];
    expect(closed).toBe(code);
    const client = await dialling(signers[1]!, url);
    await client.until(() => client.mesh.connected.length === 1);
    expect(server.heard).toEqual([]);
  });
});
