import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { toShare } from '../../runtime/cluster/messages.ts';
import { toPlaces } from '../../runtime/cluster/places.ts';
import { relayLines } from '../../runtime/cluster/relay-lines.ts';
import { Restarts } from '../../runtime/cluster/restarts.ts';

describe('a supervisor', () => {
  it('starts again at once what had lived, later and later what does not, and in the end not at all', () => {
    const restarts = new Restarts();
    expect([restarts.after(60_000), restarts.after(60_000)]).toEqual([0, 0]);
    const delays = Array.from({ length: 11 }, () => restarts.after(100));
    expect(delays).toEqual([0, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000, 'never']);
  });

  it('counts anew when one has lived again', () => {
    const restarts = new Restarts();
    for (let index = 0; index < 8; index++) restarts.after(1);
    expect([restarts.after(10_000), restarts.after(1), restarts.after(1)]).toEqual([0, 0, 100]);
  });

  it.each([
    [1_000, 3],
    [7, 2],
    [2, 2],
    [1, 3],
    [0, 2],
  ])('shares out %i among %i processes, no more and no less', (count, processes) => {
    const fronts = (processes - 1) * toShare('front', processes)(count);
    expect(fronts + toShare('keeper', processes)(count)).toBe(count);
  });

  it('passes on lines of several processes whole', async () => {
    const sink = new PassThrough();
    const [one, two] = [new PassThrough(), new PassThrough()];
    for (const source of [one, two]) relayLines(source, sink);
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    one.write('a begi');
    await turn();
    two.write('b whole\nb ne');
    await turn();
    one.write('ns\n');
    await turn();
    two.end('xt');
    one.end();
    await turn();
    await turn();
    sink.end();
    expect(await text(sink)).toBe('b whole\na begins\nb next\n');
  });

  it('refuses a data directory whose path is too long for a socket', () => {
    expect(() => toPlaces(`/${'d'.repeat(200)}`)).toThrow('choose a shorter ISOLA_DATA_DIR');
    expect(toPlaces('/data').channel).toBe('/data/cluster/channel');
  });
});
