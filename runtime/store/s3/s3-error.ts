import { LambdaError } from '../../contract/errors.ts';

/** What a server that sends no document means by a status. */
const BY_STATUS: Readonly<Record<number, readonly [code: string, message: string]>> = {
  301: ['PermanentRedirect', 'The bucket must be addressed at another endpoint.'],
  307: ['TemporaryRedirect', 'The bucket must be addressed at another endpoint.'],
  403: ['AccessDenied', 'Access Denied'],
  404: ['NoSuchKey', 'The specified key does not exist.'],
};
const MESSAGE_CHARACTERS = 300;

/** An answer of S3 that is no object, in Lambda's words. The document is somebody else's: little of it is passed on. */
export function toS3Error(status: number | undefined, body: Uint8Array = new Uint8Array()): LambdaError {
  const text = new TextDecoder().decode(body);
  const [code, message] = BY_STATUS[status ?? 0] ?? [
    'InternalError',
    `The object store answered with status ${status}.`,
  ];
  const said = element(text, 'Code');
  const shown = /^[A-Za-z0-9.]{1,64}$/.test(said ?? '') ? said : code;
  const why = element(text, 'Message')
    ?.replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, MESSAGE_CHARACTERS);
  return new LambdaError(
    'InvalidParameterValueException',
    `Error occurred while GetObject. S3 Error Code: ${shown}. S3 Error Message: ${why || message}`,
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** The text of the first element of that name which holds nothing but text. */
function element(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]{0,2000})</${name}>`).exec(xml)?.[1];
  return found?.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity] ?? '');
}
