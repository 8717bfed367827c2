// node margin.mjs ws://127.0.0.1:8080/v1/stream BTC/USD=1 ETH/USD=-10 …: what a position may lose and borrow, of figures that are proved.
import { on } from 'node:events';
import * as viem from 'viem';
import WebSocket from 'ws';
const [url = process.env.ASSAY_STREAM, ...position] = process.argv.slice(2);
const held = new Map(position.map((each) => [each.split('=')[0], Number(each.split('=')[1])]));
const [Snapshot, Evidence] = [
  'uint64 cut, bytes32 packedRoot, uint32 signerEpoch, uint64 validUntil, Evidence evidence',
  'bytes32 root, bytes32 riskRoot, bytes32 configHash',
].map((fields) => fields.split(', ').map((field) => ({ type: field.split(' ')[0], name: field.split(' ')[1] })));
const typed = { types: { Snapshot, Evidence }, primaryType: 'Snapshot' };
const parent = (a, b) => viem.keccak256(viem.concat(a < b ? [a, b] : [b, a]));
const insist = (holds, what) => holds || (console.error(what), process.exit(1));
const at = (leaf, from, bytes) => Number(viem.slice(leaf, from, from + bytes));
async function prove({ header, signature, reports, risk = [] }, { network, signers }) {
  const domain = { name: 'Assay', version: '1', salt: viem.keccak256(viem.toHex(network)) };
  const message = { ...header, evidence: header };
  const signer = await viem.recoverTypedDataAddress({ ...typed, domain, message, signature });
  insist((process.env.ASSAY_SIGNER ?? signers).includes(signer), `signed by ${signer}, whom nobody named`);
  insist(header.validUntil >= Date.now(), `valid until ${header.validUntil}: treat its feeds as halted`);
  const proveUnder = (root, { leaf, proof }) =>
    insist(proof.reduce(parent, viem.keccak256(leaf)) === root, `leaf ${leaf} is not under ${root}`);
  for (const { price } of reports) proveUnder(header.root, price);
  for (const leaf of risk.flatMap(({ leaves }) => leaves)) proveUnder(header.riskRoot, leaf);
}
function rowOf([feed, units], { reports, risk = [] }) {
  const leaves = [...reports.map(({ price }) => price), ...risk.flatMap((each) => each.leaves)].map(({ leaf }) => leaf);
  const ours = leaves.filter((leaf) => viem.hexToString(viem.slice(leaf, 1, 33), { size: 32 }) === feed);
  const [price, margin] = [1, 5].map((kind) => ours.find((leaf) => at(leaf, 0, 1) === kind));
  const day = ours.find((leaf) => at(leaf, 0, 1) === 4 && at(leaf, 43, 4) === 86_400);
  insist(price && viem.size(price) === 99, `${feed} has no price that counts for new risk`);
  const [mark, asset, debt] = [59, 83, 91].map((from) => at(price, from, 8) / 10 ** at(price, 35, 1));
  const levels = day ? [at(day, 51, 1), at(day, 52, 1)][units < 0 ? 1 : 0] : 0;
  insist(levels > 2, `the tail of a day of ${feed} is not known at 99 %: that takes weeks, or assay warm-up`);
  // Levels of the fall come before those of the rise, at the end; the third is 99 %.
  const from = viem.size(day) - 8 * (levels + (units < 0 ? 0 : at(day, 52, 1))) + 16;
  const lost = (bytes) => Math.abs(units * mark * Math.expm1((-Math.sign(units) * at(day, bytes, 4)) / 1e6));
  const haircut = margin && at(margin, 43, 1) & 1 ? at(margin, 49, 4) / 1e6 : 1;
  const counts = units * (units < 0 ? debt : asset * (1 - haircut));
  return { feed, units, mark, VaR: lost(from), shortfall: lost(from + 4), haircut, counts };
}
const wanted = JSON.stringify({ op: 'subscribe', feeds: [...held.keys()], channels: ['price', 'risk'] });
const socket = new WebSocket(url).on('open', () => socket.send(wanted));
let welcome;
for await (const [data] of on(socket, 'message', { close: ['close'] })) {
  const message = JSON.parse(data);
  insist(message.type !== 'error', String(data));
  if (message.type === 'welcome') welcome = message;
  if (message.type !== 'snapshot') continue;
  await prove(message, welcome);
  const rows = Array.from(held, (each) => rowOf(each, message));
  const sum = (of) => rows.reduce((total, row) => total + of(row), 0);
  const [falling, rising] = [1, -1].map((side) => sum(({ VaR, units }) => (units * side > 0 ? VaR : 0)));
  console.table(rows);
  console.log(`VaR 99 % of a day, all rising or falling as one ${Math.max(falling, rising).toFixed(2)}`);
  const [stress, collateral] = [sum(({ shortfall }) => shortfall), sum(({ counts }) => counts)];
  console.log(`stress, all at once ${stress.toFixed(2)}; counts as collateral ${collateral.toFixed(2)}`);
  process.exit(0);
}
insist(false, 'the stream closed and said nothing');
