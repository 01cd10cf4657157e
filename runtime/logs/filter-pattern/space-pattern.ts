import { parseComparison } from './comparison.ts';
import { invalidPattern, parseJoined, Scanner } from './scanner.ts';

type FieldTest = (field: string) => boolean;
const ANY_NUMBER = '...';

/** `[ip, user, ..., status = 4*, bytes > 1000]`: of messages whose fields have blanks between them. */
export function parseSpacePattern(source: string): (message: string) => boolean {
  const fields = splitFields(source.slice(1, -1)).map((text) => (text === ANY_NUMBER ? ANY_NUMBER : parseField(text)));
  const gap = fields.indexOf(ANY_NUMBER);
  if (fields.lastIndexOf(ANY_NUMBER) !== gap) throw invalidPattern();
  const before = fields.slice(0, gap < 0 ? undefined : gap) as FieldTest[];
  const after = (gap < 0 ? [] : fields.slice(gap + 1)) as FieldTest[];
  return (message) => {
    const found = toFields(message);
    const least = before.length + after.length;
    if (gap < 0 ? found.length !== least : found.length < least) return false;
    const behind = found.length - after.length;
    return (
      before.every((test, index) => test(found[index] as string)) &&
      after.every((test, index) => test(found[behind + index] as string))
    );
  };
}

/** A name, or conditions that name the field each. */
function parseField(text: string): FieldTest {
  const scanner = new Scanner(text);
  const { kind } = scanner.take();
  if (kind !== 'word') throw invalidPattern();
  if (scanner.next === undefined) return () => true;
  const again = new Scanner(text);
  const test = parseJoined<string>(again, () => parseCondition(again));
  again.end();
  return test;
}

function parseCondition(scanner: Scanner): FieldTest {
  if (scanner.skip('(')) {
    const inner = parseJoined<string>(scanner, () => parseCondition(scanner));
    scanner.expect(')');
    return inner;
  }
  if (scanner.take().kind !== 'word') throw invalidPattern();
  return parseComparison(scanner);
}

function splitFields(source: string): readonly string[] {
  const parts = source.match(/(?:"(?:\\.|[^"\\])*"|%(?:\\.|[^%\\])*%|[^,])+/gs) ?? [];
  return parts.map((part) => part.trim());
}

/** What is between quotes or brackets is one field. */
function toFields(message: string): readonly string[] {
  return Array.from(message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g), ([, quoted, bracketed, plain]) => {
    return quoted ?? bracketed ?? plain ?? '';
  });
}
