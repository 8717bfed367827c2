import { verifyProof } from '../../oracle/reporting/snapshot-tree';
import type { Keccak } from '../../oracle/reporting/keccak';
import { loadKeccak } from '../../platform/keccak';
import { plainRisk } from '../../../test/support/arbitrary-risk';
import { EntryBuilder, twoSourcesEach } from '../../../test/support/ledger-entries';
import { type Changes, LatestView } from './latest-view';

const PLAN = twoSourcesEach('BTC/USD', 'ETH/USD', 'SOL/USD');
const CONFIG_HASH = new Uint8Array(32).fill(3);

describe(LatestView.name, () => {
  let keccak: Keccak;
  let builder: EntryBuilder;
  let view: LatestView;
  let heard: { reports: number[]; figures: number[] }[];

  beforeEach(async () => {
    keccak = await loadKeccak();
    builder = new EntryBuilder(PLAN, keccak);
    view = new LatestView(PLAN, CONFIG_HASH, keccak);
    heard = [];
    view.onFold(({ reports, figures }: Changes) => heard.push({ reports: [...reports], figures: [...figures] }));
  });

  test('knows nothing at first, and says so', () => {
    expect([view.signed, view.report(0), view.priceLeaf(0), view.verdict(0)]).toEqual(Array(4).fill(undefined));
    expect(view.trouble(0)).toBe('noSnapshot');
  });

  test('keeps what a later cut does not mention, provable under the later header', () => {
    view.fold(builder.first(100));
    view.fold(builder.entry(101, { prices: { 'ETH/USD': 2_000 } }));
    expect([view.report(0)?.prices?.price, view.report(1)?.prices?.price]).toEqual([10_000, 2_000]);
    const { root } = view.signed!.header;
    for (const leaf of [view.priceLeaf(0)!, view.priceLeaf(1)!, view.figuresLeaf(2)!]) {
      expect(verifyProof(leaf.bytes, leaf.proof, root, keccak)).toBe(true);
    }
  });

  test('packs a group as of the newest cut when it is asked for, and not where it leads elsewhere', () => {
    const plan = { ...PLAN, groups: [{ name: 'majors', feeds: [1, 0] }] };
    const packing = new EntryBuilder(plan, keccak);
    const packed = new LatestView(plan, CONFIG_HASH, keccak);
    expect(packed.groupLeaf(0)).toBeUndefined();
    packed.fold(packing.first(100));
    const entry = packing.entry(101, { prices: { 'SOL/USD': 5_000 } });
    packed.fold(entry);
    const leaf = packed.groupLeaf(0)!;
    expect(verifyProof(leaf.bytes, leaf.proof, entry.cut.header.packedRoot, keccak)).toBe(true);
    expect(Buffer.from(leaf.bytes).readUIntBE(33, 5)).toBe(101);
    expect(packed.groupLeaf(1)).toBeUndefined();

    const header = { ...entry.cut.header, packedRoot: new Uint8Array(32).fill(1) };
    packed.fold({ ...entry, cut: { ...entry.cut, header } });
    expect(packed.groupLeaf(0)).toBeUndefined();
    expect(packed.priceLeaf(0)).toBeDefined();
  });

  test('proves risk under every header that carries its root, and not under another', () => {
    expect(view.risk).toBeUndefined();
    view.fold(builder.first(100));
    expect(view.risk).toBeUndefined();
    const entry = builder.entry(102, { risk: plainRisk(102) });
    view.fold(entry);
    view.fold(builder.entry(103, { prices: { 'ETH/USD': 2_000 } }));
    const tree = view.risk!;
    const { riskRoot } = view.signed!.header;
    for (const { bytes, proof } of [...tree.feed(0), ...tree.dependence()]) {
      expect(verifyProof(bytes, proof, riskRoot, keccak)).toBe(true);
    }
    view.fold(builder.entry(104));
    expect(view.risk).toBe(tree);

    const header = { ...builder.entry(105).cut.header, riskRoot: new Uint8Array(32).fill(1) };
    view.fold({ ...entry, cut: { ...builder.entry(106).cut, header } });
    expect([view.risk, view.priceLeaf(0)]).toEqual([undefined, expect.anything()]);
  });

  test('tells listeners of risk once, though a start repeats it', () => {
    const told: boolean[] = [];
    view.onFold(({ risk }) => told.push(risk));
    view.fold(builder.first(100));
    for (const cut of [101, 102]) view.fold(builder.entry(cut, { risk: plainRisk(101) }));
    view.fold(builder.entry(103, { risk: plainRisk(103) }));
    expect(told).toEqual([false, true, false, true]);
  });

  test('tells listeners what changed, and nothing twice', () => {
    view.fold(builder.first(100));
    const entry = builder.entry(101, { prices: { 'SOL/USD': 5_000 }, figures: ['BTC/USD'] });
    view.fold(entry);
    view.fold(entry);
    expect(heard).toEqual([
      { reports: [0, 1, 2], figures: [0, 1, 2] },
      { reports: [2], figures: [0] },
      { reports: [], figures: [] },
    ]);
  });

  test('serves nothing while leaves are missing, and tells all that changed meanwhile once they are there', () => {
    const first = builder.first(100);
    const second = builder.entry(101, { prices: { 'ETH/USD': 2_000 } });
    view.fold(second);
    expect([view.signed, view.priceLeaf(1), view.trouble(0)]).toEqual([undefined, undefined, 'rootMismatch']);
    expect(heard).toEqual([]);

    const leaves = first.cut.leaves.filter(({ index }) => index !== 2);
    view.fold({ ...first, cut: { ...first.cut, leaves, header: second.cut.header } });
    expect(view.trouble(0)).toBeUndefined();
    expect(heard).toEqual([{ reports: [1, 0, 2], figures: [0, 1, 2] }]);
  });

  test('passes over entries of another configuration', () => {
    const entry = builder.first(100);
    view.fold({ ...entry, cut: { ...entry.cut, header: { ...entry.cut.header, configHash: new Uint8Array(32) } } });
    expect(view.trouble(0)).toBe('noSnapshot');
  });

  test('has expired after the validUntil of its header', () => {
    view.fold(builder.first(100));
    const { validUntil } = view.signed!.header;
    expect([view.trouble(validUntil), view.trouble(validUntil + 1)]).toEqual([undefined, 'snapshotExpired']);
  });

  test('keeps the newest verdict on each source', () => {
    view.fold(builder.first(100));
    expect(view.verdict(3)).toEqual({
      ...{ source: 3, verdict: 'silent', weight: 0 },
      ...{ measured: NaN, limit: 5_000, depth: NaN },
    });
  });

  test('stops telling a listener who left', () => {
    const calls: unknown[] = [];
    const leave = view.onFold((changes) => calls.push(changes));
    view.fold(builder.first(100));
    leave();
    view.fold(builder.entry(101));
    expect(calls).toHaveLength(1);
  });
});
