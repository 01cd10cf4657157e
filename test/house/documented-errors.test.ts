import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../runtime/contract/errors.ts';

const HEADER = '| error | status | fault | meaning |';

/** The catalogue as the document shows it: what to paste when this test fails. */
function toTable(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { status, fault, meaning }]) => `| \`${code}\` | ${status} | ${fault} | ${meaning} |`,
  );
  return [HEADER, '|---|---|---|---|', ...rows].join('\n');
}

/** The lines of the table that begins with the header; undefined without one. */
function findTable(document: string): string | undefined {
  const lines = document.split('\n');
  const start = lines.indexOf(HEADER);
  if (start === -1) return undefined;
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start, length === -1 ? undefined : start + length).join('\n');
}

describe('documented errors', () => {
  const document = readFileSync('ARCHITECTURE.md', 'utf8');

  it('are the errors that the API answers', () => {
    expect(findTable(document), `ARCHITECTURE.md should say:\n\n${toTable()}\n`).toBe(toTable());
  });

  it('are compared line by line', () => {
    expect(findTable(`Text.\n\n${toTable()}\n\nMore.`)).toBe(toTable());
    expect(findTable(toTable().replace('404', '405'))).not.toBe(toTable());
    expect(findTable(toTable().split('\n').slice(0, -1).join('\n'))).not.toBe(toTable());
    expect(findTable('No table.')).toBeUndefined();
  });
});
