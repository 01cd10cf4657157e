import { LambdaError } from '../../contract/errors.ts';
import { ZIP_BYTES } from '../../contract/limits.ts';
import { isModule } from '../../registry/package.ts';
import { isEmpty, type Members } from './members.ts';

/** Reads the code of a function, or the content of a layer. */
export function parseCode(code: Members): Uint8Array {
  if (!isEmpty(code.raw('ImageUri'))) {
    throw refused('ImageUri is not supported: upload a zip archive or a .wasm module as ZipFile.');
  }
  const zip = code.text('ZipFile');
  if (zip !== undefined) return parseUpload(zip);
  if (code.text('S3Bucket') !== undefined) {
    throw refused(
      'Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does not exist',
    );
  }
  throw refused('Please provide a source for function code.');
}

function parseUpload(zip: string): Uint8Array {
  const bytes = parseBase64(zip);
  if (bytes.length <= ZIP_BYTES || isModule(bytes)) return bytes;
  throw new LambdaError('RequestEntityTooLargeException', `Zipped size must be smaller than ${ZIP_BYTES} bytes`);
}

/** Node skips what is no base64; a length that does not add up shows it. */
function parseBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  if (text.length % 4 !== 0 || bytes.length !== (text.length / 4) * 3 - padding) {
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
