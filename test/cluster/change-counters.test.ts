import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChangeReader, ChangeWriter, toPlace } from '../../runtime/cluster/change-counters.ts';

describe('numbers of changes', () => {
  let directory: string;
  let path: string;
  let writer: ChangeWriter;
  let reader: ChangeReader;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'isola-changes-'));
    path = join(directory, 'changes');
    writer = new ChangeWriter(path);
    reader = new ChangeReader(path);
  });
  afterEach(() => {
    writer.close();
    reader.close();
    rmSync(directory, { recursive: true });
  });

  it('say what holds no more when a function has changed, and leave the others alone', () => {
    const moment = reader.moment();
    expect(toPlace('f')).not.toBe(toPlace('g'));
    expect([reader.holds(moment, toPlace('f')), reader.isNow(moment)]).toEqual([true, true]);
    writer.functionNamed('f');
    expect([reader.holds(moment, toPlace('f')), reader.holds(moment, toPlace('g'))]).toEqual([false, true]);
    expect(reader.isNow(moment)).toBe(false);
    expect(reader.holds(reader.moment(), toPlace('f'))).toBe(true);
  });

  it('say that nothing holds when everything may have changed', () => {
    const moment = reader.moment();
    writer.everything();
    for (const name of ['f', 'g', '']) expect(reader.holds(moment, toPlace(name))).toBe(false);
  });

  it('go on from where an earlier writer has left them, and count its end as a change of everything', () => {
    writer.functionNamed('f');
    const moment = reader.moment();
    const next = new ChangeWriter(path);
    expect(reader.holds(moment, toPlace('f'))).toBe(false);
    next.functionNamed('f');
    next.close();
    for (const seen of [moment, new Int32Array(moment.length)]) expect(reader.holds(seen, toPlace('f'))).toBe(false);
  });

  it('have a place for every name', () => {
    for (let index = 0; index < 5_000; index++) {
      const place = toPlace(`name-${index}-é`);
      expect(place > 0 && place < 1_024).toBe(true);
    }
  });
});
