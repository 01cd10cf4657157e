import { CallError } from '../capabilities/index.ts';
import type { Post } from '../contract/letter.ts';
import { parsePolicy } from '../identity/policy/parse-policy.ts';
import type { Cipher } from '../store/cipher.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { type PostToEndpoint, Topics } from '../topics/index.ts';
import { createOutbound, explainPrivate } from './outbound.ts';

export interface TopicPartDeps {
  readonly resources: ResourceStore;
  readonly cipher: Cipher;
  readonly post: Post;
  /** Endpoints that may be asked though they are not on the public Internet. */
  readonly privateHosts: readonly string[];
}

/** How long an endpoint has to answer, in milliseconds. SNS's. */
const ENDPOINT_MS = 15_000;

export async function openTopics({ privateHosts, ...deps }: TopicPartDeps): Promise<Topics> {
  const topics = new Topics({
    ...deps,
    parsePolicy: (text) => parsePolicy(text, 'resource'),
    postToEndpoint: createPostToEndpoint(privateHosts),
    explainUnreachable: (endpoint) => explainPrivate(endpoint, privateHosts),
    clock: Date.now,
  });
  await topics.open();
  return topics;
}

function createPostToEndpoint(privateHosts: readonly string[]): PostToEndpoint {
  const ask = createOutbound({ privateHosts });
  return async (endpoint, { headers, body }) => {
    const request = { method: 'POST', headers, body: Buffer.from(body) };
    try {
      const { status } = await ask(endpoint, request, AbortSignal.timeout(ENDPOINT_MS));
      return { status };
    } catch (error) {
      // It will be no other address another time.
      if (error instanceof CallError && error.type === 'PrivateAddress') return { refused: error.message };
      throw error;
    }
  };
}
