// node verify.mjs ws://127.0.0.1:8080/v1/stream [messages] [feed]: believes nothing that is not proved; ASSAY_SIGNER=0x… is whom to trust.
import { on } from 'node:events';
import * as viem from 'viem';
import WebSocket from 'ws';
const [url = process.env.ASSAY_STREAM, messages = '3', feed = 'BTC/USD'] = process.argv.slice(2);
const [Snapshot, Evidence] = [
  'uint64 cut, bytes32 packedRoot, uint32 signerEpoch, uint64 validUntil, Evidence evidence',
  'bytes32 root, bytes32 riskRoot, bytes32 configHash',
].map((fields) => fields.split(', ').map((field) => ({ type: field.split(' ')[0], name: field.split(' ')[1] })));
const typed = { types: { Snapshot, Evidence }, primaryType: 'Snapshot' };
const parent = (a, b) => viem.keccak256(viem.concat(a < b ? [a, b] : [b, a]));
const insist = (holds, what) => holds || (console.error(what), process.exit(1));
async function verify({ header, signature, reports = [] }, { network, signers }) {
  const domain = { name: 'Assay', version: '1', salt: viem.keccak256(viem.toHex(network)) };
  const message = { ...header, evidence: header };
  const signer = await viem.recoverTypedDataAddress({ ...typed, domain, message, signature });
  insist((process.env.ASSAY_SIGNER ?? signers).includes(signer), `signed by ${signer}, whom nobody named`);
  insist(header.validUntil >= Date.now(), `valid until ${header.validUntil}: treat its feeds as halted`);
  for (const { leaf, proof } of reports.flatMap(({ price, figures }) => (figures ? [price, figures] : [price])))
    insist(proof.reduce(parent, viem.keccak256(leaf)) === header.root, `leaf ${leaf} is not under ${header.root}`);
  for (const { leaf } of reports.map(({ price }) => price)) {
    const [kind, name] = [viem.slice(leaf, 0, 1), viem.hexToString(viem.slice(leaf, 1, 33), { size: 32 })];
    insist(kind === '0x01' && name === feed, `this is no price of ${feed}: ${leaf}`);
    const price = (at) => viem.formatUnits(BigInt(viem.slice(leaf, at, at + 8)), Number(viem.slice(leaf, 35, 36)));
    console.log(`${name} ${viem.size(leaf) > 53 ? price(59) : 'halted'} at cut ${header.cut}, signed by ${signer}`);
  }
}
const socket = new WebSocket(url).on('open', () => socket.send(`{"op":"subscribe","id":1,"feeds":["${feed}"]}`));
let [welcome, left] = [undefined, Number(messages)];
for await (const [data] of on(socket, 'message', { close: ['close'] })) {
  const message = JSON.parse(data);
  insist(message.type !== 'error', String(data));
  if (message.type === 'welcome') welcome = message;
  else if (message.header) await verify(message, welcome);
  if (message.reports && --left === 0) process.exit(0);
}
insist(false, `the stream closed with ${left} messages to go`);
