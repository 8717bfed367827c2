/** How a chain's nodes are found: `rpcUrls` as the environment variable `rpcUrlEnv` has it. */
export interface NodesOfChain {
  readonly rpcUrlEnv: string;
  readonly rpcUrls: string;
  /** How many nodes must find the same; absent: more than half of them. */
  readonly agree: number | undefined;
}

/**
 * The addresses of a chain's nodes, and how many of them must agree. Throws where they never could, or where two camps
 * could agree on different things; the message names the variable and no address.
 */
export function nodeAddresses({ rpcUrlEnv, rpcUrls, agree }: NodesOfChain): { urls: string[]; agree: number } {
  const urls = rpcUrls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  const majority = Math.floor(urls.length / 2) + 1;
  const enough = agree ?? majority;
  if (new Set(urls).size < urls.length) {
    throw new Error(`${rpcUrlEnv} names a node twice, and one voice is counted once; name each once`);
  }
  if (urls.length === 0 || enough > urls.length) {
    throw new Error(
      `${rpcUrlEnv} names ${urls.length} nodes, and ${enough} must agree; name more, or lower agree in chains.yaml`,
    );
  }
  if (enough < majority) {
    throw new Error(
      `of the ${urls.length} nodes of ${rpcUrlEnv} two camps could agree with ${enough} each; ` +
        `raise agree in chains.yaml to ${majority}`,
    );
  }
  return { urls, agree: enough };
}
