import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { PERMITS, type Report } from '../../src/oracle/report';
import { cutNumberAt } from '../../src/oracle/units/time';
import { developmentKey } from '../../src/outbound/signing/development-key';
import { KeySigner } from '../../src/outbound/signing/key-signer';
import { loadSecp256k1 } from '../../src/outbound/signing/secp256k1';
import { loadKeccak } from '../../src/platform/keccak';
import { planOf } from '../../test/support/plans';
import { signedMessage, type Hex, type SignedMessage } from '../../test/support/signed-message';

const PLAN = planOf({
  'BTC/USD': { decimals: 8, sources: {} },
  'ETH/USD': { sources: {} },
  'SOL/USD': { sources: {} },
});
const ADDRESS = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
const STRANGER = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';

const OK: Report = {
  feed: 0,
  sequence: 1,
  cut: 1,
  observedAt: 1,
  status: 'ok',
  reasons: [],
  permits: PERMITS,
  prices: {
    price: 8_412_345_000_000,
    low: 8_412_000_000_000,
    high: 8_413_000_000_000,
    collateral: undefined,
    liability: undefined,
  },
  sources: { used: 6, upstreams: 6 },
  dispersionBps: 1,
};
const HALTED: Report = {
  ...OK,
  status: 'halted',
  permits: ['repay', 'topUp'],
  observedAt: undefined,
  prices: undefined,
};

async function messageOf(report: Report, validUntil = Date.now() + 60_000): Promise<SignedMessage> {
  const keccak = await loadKeccak();
  const signer = new KeySigner(developmentKey(), await loadSecp256k1(), keccak);
  const twaps = [{ price: 5, coverageBps: 10_000 }];
  const figures = [{ feed: 0, cut: 1, twaps, stable: undefined, volatilityPpm: undefined, observations: 0 }];
  const reports = [report, { ...OK, feed: 1 }, { ...OK, feed: 2 }];
  const sketch = {
    plan: PLAN,
    cut: cutNumberAt(Date.now()),
    reports,
    figures,
    configHash: new Uint8Array(32),
    validUntil,
  };
  return signedMessage(sketch, signer, keccak);
}

/** The stream's message to who asked for BTC/USD alone. */
function ofBitcoin(message: SignedMessage): SignedMessage {
  return { ...message, reports: message.reports.slice(0, 1) };
}

/** Runs the script against a server that says these messages once it is asked for BTC/USD, then closes. */
async function run(messages: readonly object[], environment: NodeJS.ProcessEnv = {}) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    socket.send(JSON.stringify({ type: 'welcome', network: PLAN.network, signers: [ADDRESS] }));
    socket.on('message', (data: Buffer) => {
      if (data.toString() !== '{"op":"subscribe","id":1,"feeds":["BTC/USD"]}') return;
      for (const message of messages) socket.send(JSON.stringify(message));
      socket.close();
    });
  });
  await once(server, 'listening');
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const script = spawn(process.execPath, [resolve(__dirname, 'verify.mjs'), url, '2'], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [said, complained, [code]] = await Promise.all([
    text(script.stdout),
    text(script.stderr),
    once(script, 'close'),
  ]);
  server.close();
  return { said, complained, code: code as number };
}

describe('client/examples/verify.mjs', () => {
  test('proves price and figures, names the signer, and ends well after the wanted messages', async () => {
    const snapshot = { type: 'snapshot', sequence: 1, ...ofBitcoin(await messageOf(OK)) };
    const heartbeat = { ...snapshot, type: 'heartbeat', reports: undefined };
    const update = { type: 'update', sequence: 2, ...ofBitcoin(await messageOf(HALTED)) };
    const { said, complained, code } = await run([snapshot, heartbeat, update]);
    expect({ complained, code }).toEqual({ complained: '', code: 0 });
    expect(said).toMatch(
      new RegExp(
        `^BTC/USD 84123.45 at cut \\d+, signed by ${ADDRESS}\nBTC/USD halted at cut \\d+, signed by ${ADDRESS}\n$`,
      ),
    );
  });

  test.each<[string, (message: SignedMessage) => object, RegExp]>([
    ['a leaf that was changed', (message) => withLeaf(message, 'price', lastDigitChanged), /is not under 0x/],
    [
      'a header that was changed',
      (message) => ({ ...message, header: { ...message.header, cut: '1' } }),
      /signed by 0x/,
    ],
    ['figures that pose as a price', (message) => withLeaf(message, 'figures'), /no price of BTC\/USD/],
    ["another feed's price", (message) => ({ ...message, reports: [message.reports[1]] }), /no price of BTC\/USD/],
    ['an error of the stream', () => ({ type: 'error', code: 'unknownFeed' }), /unknownFeed/],
    ['a stream that closes early', (message) => ({ ...message, reports: undefined }), /closed with 2 messages to go/],
  ])('ends badly on %s', async (_, change, complaint) => {
    const { complained, code } = await run([change(await messageOf(OK))]);
    expect(complained).toMatch(complaint);
    expect(code).toBe(1);
  });

  test('ends badly on a header past its validUntil: its feeds count as halted', async () => {
    const { complained, code } = await run([ofBitcoin(await messageOf(OK, Date.now() - 1))]);
    expect(complained).toMatch(/treat its feeds as halted/);
    expect(code).toBe(1);
  });

  test('whom it was told to trust counts, not whom the stream names', async () => {
    const { complained, code } = await run([ofBitcoin(await messageOf(OK))], { ASSAY_SIGNER: STRANGER });
    expect(complained).toContain(`signed by ${ADDRESS}, whom nobody named`);
    expect(code).toBe(1);
  });
});

function withLeaf(message: SignedMessage, of: 'price' | 'figures', change = (leaf: Hex) => leaf): object {
  const report = message.reports[0]!;
  const { leaf, proof } = report[of]!;
  return { ...message, reports: [{ ...report, price: { leaf: change(leaf), proof } }] };
}

function lastDigitChanged(leaf: Hex): Hex {
  return `${leaf.slice(0, -1)}${leaf.endsWith('0') ? '1' : '0'}` as Hex;
}
