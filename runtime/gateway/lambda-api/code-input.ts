import { setImmediate } from 'node:timers/promises';
import { LambdaError } from '../../contract/errors.ts';
import { ZIP_BYTES } from '../../contract/limits.ts';
import type { ObjectName, ObjectSource } from '../../contract/object-source.ts';
import { Constraints } from '../../registry/constraints.ts';
import { isModule } from '../../registry/package.ts';
import { isEmpty, type Members } from './members.ts';

/** What is answered where there is no object store: no bucket exists. */
export const noObjects: ObjectSource = async () => {
  throw refused(
    'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
  );
};

/** The object that code, or content, is to be read from; undefined for none. */
export function namedObject(code: Members): ObjectName | undefined {
  const [bucket, key] = [code.text('S3Bucket'), code.text('S3Key')];
  return bucket && key ? { bucket, key } : undefined;
}

/** Reads the code of a function, or the content of a layer, from the request or from where that says. */
export async function parseCode(code: Members, objects: ObjectSource): Promise<Uint8Array> {
  if (!isEmpty(code.raw('ImageUri'))) {
    throw refused('ImageUri is not supported: upload a zip archive or a .wasm module as ZipFile.');
  }
  if (code.text('S3ObjectStorageMode') === 'REFERENCE') {
    throw refused('S3ObjectStorageMode REFERENCE is not supported: Isola keeps a copy of every package.');
  }
  if (!isEmpty(code.raw('SourceKMSKeyArn'))) throw refused('SourceKMSKeyArn is not supported: leave it out.');
  const zip = code.text('ZipFile');
  const object = parseObject(code);
  if (zip !== undefined && object !== undefined) {
    throw refused('Please do not provide other FunctionCode parameters when providing a ZipFile.');
  }
  if (zip !== undefined) return parseUpload(zip);
  if (object !== undefined) return objects(object);
  throw refused('Please provide a source for function code.');
}

function parseObject(code: Members): ObjectName | undefined {
  const [bucket, key, version] = ['S3Bucket', 'S3Key', 'S3ObjectVersion'].map((name) => code.text(name) || undefined);
  if (bucket === undefined && key === undefined) return undefined;
  const constraints = new Constraints();
  constraints.required('s3Bucket', bucket);
  constraints.length('s3Bucket', bucket, { max: 63 });
  constraints.matches('s3Bucket', bucket, /^[0-9A-Za-z.\-_]*(?<!\.)$/);
  constraints.required('s3Key', key);
  constraints.length('s3Key', key, { min: 1, max: 1024 });
  constraints.length('s3ObjectVersion', version, { min: 1, max: 1024 });
  for (const [member, value] of Object.entries({ s3Key: key, s3ObjectVersion: version })) {
    if (/\p{Surrogate}/u.test(value ?? '')) constraints.violatedUnseen(member, 'Member must be well-formed Unicode');
  }
  constraints.assertSatisfied();
  return { bucket: bucket ?? '', key: key ?? '', ...(version === undefined ? {} : { version }) };
}

async function parseUpload(zip: string): Promise<Uint8Array> {
  const bytes = await parseBase64(zip);
  if (bytes.length <= ZIP_BYTES || isModule(bytes)) return bytes;
  throw new LambdaError('RequestEntityTooLargeException', `Zipped size must be smaller than ${ZIP_BYTES} bytes`);
}

/** Characters that are decoded without letting others run. */
const STEP = 2_097_152;

/** Node skips what is no base64; a length that does not add up shows it. */
async function parseBase64(text: string): Promise<Uint8Array> {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.ceil(text.length / 4) * 3 - padding));
  let length = 0;
  for (let at = 0; at < text.length; at += STEP) {
    if (at > 0) await setImmediate();
    length += bytes.write(text.slice(at, at + STEP), length, 'base64');
  }
  if (text.length % 4 !== 0 || length !== bytes.length) {
    throw new LambdaError(
      'InvalidRequestContentException',
      'Could not parse request body into json: ZipFile must be base64',
    );
  }
  return bytes;
}

function refused(message: string): LambdaError {
  return new LambdaError('InvalidParameterValueException', message);
}
