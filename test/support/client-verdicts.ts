import { feedAt, verifyGroup } from '../../client/verifier/packed-group';
import { verifyLeaf, type PriceReport } from '../../client/verifier/price-leaf';
import type { PackedFeed } from '../../client/verifier/packed-lane';
import type { Primitives } from '../../client/verifier/primitives';
import { Quorum } from '../../client/verifier/quorum';
import { Refusal } from '../../client/verifier/refusal';
import type { GroupCase, LeafCase, Vectors } from './verification-cases';

const bytesOf = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.slice(2), 'hex'));

/** `verified`, or the refusal by name. */
export interface GroupVerdict {
  readonly said: string;
  /** Of a verified group, in its order. */
  readonly feeds: readonly { readonly refusal?: string; readonly feed?: PackedFeed }[];
}

/** What the client's verifier says in the setting of the vectors. */
export function clientVerdicts(setting: Omit<Vectors, 'groupCases' | 'leafCases'>, primitives: Primitives) {
  const sets = setting.epochs.map(({ signers, revoked, ...rest }) => ({
    ...rest,
    signers: signers.map(bytesOf),
    revoked: revoked.map(bytesOf),
  }));
  const quorum = new Quorum(setting.network, sets, primitives);
  const hash = bytesOf(setting.group.hash);
  return {
    group(asked: Omit<GroupCase, 'name' | 'refusal'>): GroupVerdict {
      const { result, said } = judged(() =>
        verifyGroup(hash, bytesOf(asked.message), quorum, demands(asked), primitives),
      );
      const feeds = setting.group.feeds.map((_, place) => {
        const { result: feed, said: told } = judged(() => result && feedAt(result, place));
        return feed === undefined ? { refusal: told } : { feed };
      });
      return { said, feeds: result === undefined ? [] : feeds };
    },
    leaf({ header, ...asked }: Omit<LeafCase, 'name' | 'refusal'>): { said: string; report: PriceReport | undefined } {
      const { root, riskRoot, packedRoot, configHash, ...numbers } = header;
      const hashes = { root: bytesOf(root), riskRoot: bytesOf(riskRoot), packedRoot: bytesOf(packedRoot) };
      const signed = {
        header: { ...numbers, ...hashes, configHash: bytesOf(configHash) },
        signatures: bytesOf(asked.signatures),
      };
      const proof = asked.proof.map(bytesOf);
      const { result, said } = judged(() =>
        verifyLeaf(bytesOf(asked.leaf), proof, signed, quorum, demands(asked), primitives),
      );
      return { said, report: result };
    },
  };
}

function demands({ second, maxAgeMs, minCut }: Pick<GroupCase, 'second' | 'maxAgeMs' | 'minCut'>) {
  return { nowMs: second * 1_000, maxAgeMs, minCut };
}

function judged<Result>(verify: () => Result): { result?: Result; said: string } {
  try {
    return { result: verify(), said: 'verified' };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return {
      said: error.code === 'MalformedLeaf' ? `MalformedLeaf(${error.message.split(': ')[1] ?? ''})` : error.code,
    };
  }
}
