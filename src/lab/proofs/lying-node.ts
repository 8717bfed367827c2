import { isSo, type Proof } from './proof';

/** What one node of a chain knows: an aggregator's answer as of the newest block it has. */
export interface ScriptedNode {
  readonly height: number;
  /** Of the block at a height. */
  readonly hashAt: (height: number) => `0x${string}`;
  /** In dollars. */
  readonly answerAt: (height: number) => number;
}

/** What several nodes are read as, two of them at least agreeing; undefined where nothing is read. */
export type ReadNodes = (nodes: readonly ScriptedNode[], agree: number) => Promise<number | undefined>;

const HEIGHT = 1_000;
const MAX_BPS = 3;

const honest = (height = HEIGHT): ScriptedNode => ({
  height,
  hashAt: (at) => hash(at, 'a'),
  /** The price moved twenty blocks ago. */
  answerAt: (at) => (at > HEIGHT - 20 ? 97_000 : 90_000),
});
/** Since ten blocks on a branch of its own. */
const forked: ScriptedNode = {
  ...honest(),
  hashAt: (at) => hash(at, at > HEIGHT - 10 ? 'b' : 'a'),
  answerAt: () => 80_000,
};
const behind = honest(HEIGHT - 20);
const liar: ScriptedNode = { ...honest(), answerAt: () => 50_000 };

const hash = (height: number, branch: string): `0x${string}` => `0x${branch}${String(height).padStart(63, '0')}`;

/**
 * One node of three forked, twenty blocks behind, or lying (Infura, 11 November 2020). `read` is how the live service
 * reads several nodes: the laboratory knows no chain itself.
 */
export function lyingNode(read: ReadNodes): Proof {
  return {
    name: 'lyingNode',
    about: 'one node of three is on another branch, twenty blocks behind, or lies about an answer',
    async prove() {
      const cases = { forked, behind, liar };
      const seen = await Promise.all(
        Object.entries(cases).map(async ([name, bad]) => {
          const value = await read([bad, honest(), honest(HEIGHT - 1)], 2);
          const bps = value === undefined ? Infinity : (Math.abs(value - 97_000) / 97_000) * 10_000;
          return isSo(`${name}: outvoted, ≤ ${MAX_BPS} bp`, bps <= MAX_BPS, `${name}: ${bps.toFixed(0)} bp`);
        }),
      );
      const two = await read([forked, liar, honest()], 2);
      return [...seen, isSo('no two agree: nothing read', two === undefined, `no two agree: ${two ?? 'nothing'} read`)];
    },
  };
}
