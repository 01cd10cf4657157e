import type { Readable, Writable } from 'node:stream';

/** A line longer than this goes on in pieces, in characters: what a process writes must not pile up here. */
const LONGEST_LINE = 4 * 1024 * 1024;

/** Writes what comes out of a process into a sink that others write to as well, whole lines at a time, as fast as it takes them. */
export function relayLines(source: Readable, sink: Writable): void {
  let rest = '';
  source.setEncoding('utf8');
  const write = (text: string): void => {
    if (text === '' || sink.write(text)) return;
    source.pause();
    sink.once('drain', () => source.resume());
  };
  source.on('data', (chunk: string) => {
    const text = rest + chunk;
    const end = text.length > LONGEST_LINE ? text.length : text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    write(text.slice(0, end));
  });
  source.on('end', () => write(rest === '' ? '' : `${rest}\n`));
}
