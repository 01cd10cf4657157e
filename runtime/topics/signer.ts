import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { Cipher } from '../store/cipher.ts';
import { Collection } from '../store/collection.ts';
import type { ResourceStore } from '../store/resource-store.ts';
import { createCertificate } from './signing-certificate.ts';

/** SNS's first version is by SHA-1, its second by SHA-256. */
export type SignatureVersion = '1' | '2';

export interface Signed {
  readonly version: SignatureVersion;
  /** Base64. */
  readonly value: string;
  /** Where the certificate is served, without a slash at its beginning. */
  readonly certificate: string;
}

export type Sign = (text: string, version: SignatureVersion) => Promise<Signed>;

export interface SignerDeps {
  readonly resources: ResourceStore;
  readonly cipher: Cipher;
  /** Epoch milliseconds. */
  readonly clock: () => number;
}

/** Whom the certificate names. */
const NAME = 'Isola';
const KEY_BITS = 2_048;
/** There is one for all accounts and regions. */
const OWNER = { accountId: '', region: '' };
const ID = 'key';

interface KeyRecord {
  /** PKCS 8, PEM, as the cipher sealed it. */
  readonly privateKey: string;
  /** PEM. */
  readonly certificate: string;
}

/** Signs what subscribers get, by a key of this data directory, made when it is first needed. */
export class Signer {
  readonly #deps: SignerDeps;
  readonly #keys: Collection<KeyRecord>;
  #ready: Promise<{ readonly key: KeyObject; readonly certificate: string }> | undefined;

  constructor(deps: SignerDeps) {
    this.#deps = deps;
    this.#keys = new Collection(deps.resources, 'topic-signing-key');
  }

  readonly sign: Sign = async (text, version) => {
    this.#ready ??= this.#prepare();
    const { key, certificate } = await this.#ready;
    const value = await signAside(version === '1' ? 'sha1' : 'sha256', Buffer.from(text), key);
    return { version, value: value.toString('base64'), certificate };
  };

  /** The certificate under a path that was given away, PEM; undefined for other paths. */
  async certificate(path: string): Promise<string | undefined> {
    await this.#keys.open();
    const record = this.#keys.get(OWNER, ID);
    return record !== undefined && path === `/${toPath(record)}` ? record.certificate : undefined;
  }

  async #prepare(): Promise<{ readonly key: KeyObject; readonly certificate: string }> {
    try {
      await this.#keys.open();
      const record = this.#keys.get(OWNER, ID) ?? (await this.#keys.change(OWNER, ID, await this.#make()));
      const key = createPrivateKey(this.#deps.cipher.unseal(record.privateKey, 'topic-signing-key'));
      return { key, certificate: toPath(record) };
    } catch (error) {
      this.#ready = undefined;
      throw error;
    }
  }

  async #make(): Promise<(current: KeyRecord | undefined) => KeyRecord> {
    const pem = { type: 'pkcs8', format: 'pem' } as const;
    const pair = await promisify(generateKeyPair)('rsa', { modulusLength: KEY_BITS });
    const certificate = createCertificate(
      { privateKey: pair.privateKey, publicKey: createPublicKey(pair.privateKey) },
      { name: NAME, since: new Date(this.#deps.clock()), serial: randomBytes(15) },
    );
    const privateKey = this.#deps.cipher.seal(String(pair.privateKey.export(pem)), 'topic-signing-key');
    return (current) => current ?? { privateKey, certificate };
  }
}

/** In another thread: it takes about a millisecond. */
function signAside(digest: string, data: Uint8Array, key: KeyObject): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(digest, data, key, (error, signature) => (error ? reject(error) : resolve(signature)));
  });
}

function toPath({ certificate }: KeyRecord): string {
  const digest = createHash('sha256').update(certificate).digest('hex').slice(0, 32);
  return `SimpleNotificationService-${digest}.pem`;
}
