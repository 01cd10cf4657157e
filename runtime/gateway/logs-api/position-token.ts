import { invalid, type Position } from '../../logs/index.ts';

const PLACE_DIGITS = 44;
const LINE_DIGITS = 12;
/** How much of a question's digest its tokens carry, in bytes. */
const QUESTION_BYTES = 8;

/** Where to go on in a stream, and in which direction: `f/00..1200..1/s`, as AWS writes it. */
export function toToken(direction: 'f' | 'b', { place, line }: Position): string {
  return `${direction}/${String(place).padStart(PLACE_DIGITS, '0')}${String(line).padStart(LINE_DIGITS, '0')}/s`;
}

export function fromToken(token: string): { readonly direction: 'f' | 'b'; readonly position: Position } {
  const found = /^([fb])\/(\d{44})(\d{12})\/s$/.exec(token);
  if (found === null) throw invalidToken();
  return { direction: found[1] === 'f' ? 'f' : 'b', position: toPosition(Number(found[2]), Number(found[3])) };
}

/** Where to go on with a search; no other search takes it. */
export function toFilterToken({ place, line }: Position, question: Uint8Array): string {
  const asked = Buffer.from(question.subarray(0, QUESTION_BYTES)).toString('base64url');
  return Buffer.from(`${asked}.${place}.${line}`).toString('base64url');
}

export function parseFilterToken(token: string, question: Uint8Array): Position {
  const [, place, line] = /^[\w-]{11}\.(\d{1,16})\.(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString()) ?? [];
  if (place === undefined || line === undefined) throw invalidToken();
  const position = toPosition(Number(place), Number(line));
  if (toFilterToken(position, question) !== token) throw invalidToken();
  return position;
}

function toPosition(place: number, line: number): Position {
  if (!Number.isSafeInteger(place)) throw invalidToken();
  return { place, line };
}

function invalidToken(): Error {
  return invalid('The specified nextToken is invalid.');
}
