import { verify, X509Certificate } from 'node:crypto';
import { expect, it } from 'vitest';
import { SqliteResourceStore } from '../../runtime/store/sqlite/sqlite-resource-store.ts';
import { openStorage } from '../../runtime/store/sqlite/storage.ts';
import { Signer } from '../../runtime/topics/signer.ts';
import { TEST_CIPHER } from '../support/cipher.ts';

it('signs by a key that is made once, sealed where it lies, and told by a certificate', async () => {
  const storage = openStorage(':memory:');
  const resources = new SqliteResourceStore(storage);
  const create = () => new Signer({ resources, cipher: TEST_CIPHER, clock: () => 1_700_000_000_123 });
  const first = create();
  const [old, other] = await Promise.all([first.sign('text', '1'), first.sign('text', '2')]);
  const again = await create().sign('text', '2');
  expect(again).toEqual(other);
  const pem = await create().certificate(`/${again.certificate}`);
  const certificate = new X509Certificate(pem ?? '');
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect([certificate.subject, certificate.issuer]).toEqual(['CN=Isola', 'CN=Isola']);
  expect(new Date(certificate.validFrom)).toEqual(new Date(1_700_000_000_000));
  expect(new Date(certificate.validTo).getUTCFullYear()).toBe(9999);
  for (const [algorithm, { value }] of [
    ['sha1', old],
    ['sha256', other],
  ] as const) {
    const signature = Buffer.from(value, 'base64');
    expect(verify(algorithm, Buffer.from('text'), certificate.publicKey, signature)).toBe(true);
    expect(verify(algorithm, Buffer.from('texts'), certificate.publicKey, signature)).toBe(false);
  }
  expect(await create().certificate('/SimpleNotificationService-0.pem')).toBeUndefined();
  expect(JSON.stringify(await resources.list('topic-signing-key'))).not.toContain('PRIVATE KEY');
  await storage.close();
});
