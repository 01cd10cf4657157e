import { describe, expect, it } from 'vitest';
import { STREAM_BYTES, STREAM_CHUNK_BYTES, SYNC_RESPONSE_BYTES } from '../../runtime/contract/limits.ts';
import type { Outcome } from '../../runtime/contract/outcome.ts';
import type { StreamChunk } from '../../runtime/contract/response-stream.ts';
import type { ChunkPort } from '../../runtime/isolate/guest-output.ts';
import { compileAssemblyScript } from '../support/assemblyscript.ts';
import { type InThread, textOf, toInThread } from '../support/in-thread.ts';
import { streaming } from '../support/streaming-guest.ts';
import { assemble, guest } from '../support/wat.ts';

const PRELUDE = '{"statusCode":201}';
const ENDED = `${PRELUDE}${'\0'.repeat(8)}`;

/** Takes everything, and keeps what it was: kind and text. */
function createPort(): { readonly port: ChunkPort; readonly chunks: string[][] } {
  const chunks: string[][] = [];
  const credit = Int32Array.of(1, 0);
  const send = ({ kind, bytes }: StreamChunk) => void chunks.push([kind, Buffer.from(bytes).toString()]);
  return { port: { credit, send }, chunks };
}

const fuelOf = (outcome: Outcome): number => ('report' in outcome ? outcome.report.fuel : Number.NaN);
const failedWith = (errorType: string): object => ({ kind: 'function-error', error: { errorType } });

function stream(inThread: InThread, event = '{}'): { readonly outcome: Outcome; readonly chunks: string[][] } {
  const { port, chunks } = createPort();
  return { outcome: inThread.invokeText(event, undefined, port), chunks };
}

describe('a guest that streams', () => {
  it('sends each chunk on as it is, and what its handler returns is not part of it', () => {
    const { outcome, chunks } = stream(toInThread(streaming({ prelude: PRELUDE, chunks: ['one', '', 'two'] })));
    expect(chunks).toEqual([
      ['prelude', ENDED],
      ['bytes', 'one'],
      ['bytes', 'two'],
    ]);
    expect(textOf(outcome)).toBe('');
  });

  it('answers all of it together when nobody asks for a stream, whatever bytes they are', () => {
    const bytes = Uint8Array.of(0xff, 0xfe);
    const outcome = toInThread(streaming({ prelude: PRELUDE, chunks: ['one', bytes] })).invoke();
    const payload = new Uint8Array([...Buffer.from(`${ENDED}one`), ...bytes]);
    expect(outcome).toMatchObject({ kind: 'succeeded', payload });
  });

  it('costs the same fuel streamed and together', () => {
    const inThread = toInThread(streaming({ chunks: ['one', 'two'], blocks: 3 }));
    expect(fuelOf(inThread.invoke())).toBe(fuelOf(stream(inThread).outcome));
  });

  it('pays for every byte', () => {
    const cost = (blocks: number): number => fuelOf(toInThread(streaming({ blocks })).invoke());
    expect(cost(11) - cost(1)).toBeGreaterThan((10 * 65_536) / 16);
  });

  it('is cut into chunks that travel well', () => {
    const { chunks } = stream(toInThread(streaming({ chunks: ['x'.repeat(STREAM_CHUNK_BYTES + 1)] })));
    expect(chunks.map(([, text]) => text?.length)).toEqual([STREAM_CHUNK_BYTES, 1]);
  });

  it.each([
    ['a buffered answer', SYNC_RESPONSE_BYTES, (inThread: InThread) => inThread.invoke()],
    ['a stream', STREAM_BYTES, (inThread: InThread) => stream(inThread).outcome],
  ])('ends when it has written more than %s may hold', (_, limit, invoke) => {
    const blocks = Math.floor(limit / 65_536);
    const settings = { timeoutMs: 30_000 };
    expect(invoke(toInThread(streaming({ blocks }), { settings }))).toMatchObject({ kind: 'succeeded' });
    const outcome = invoke(toInThread(streaming({ blocks: Number.POSITIVE_INFINITY }), { settings }));
    expect(outcome).toMatchObject(failedWith('Function.ResponseSizeTooLarge'));
    expect(outcome).toHaveProperty('error.errorMessage', expect.stringContaining(`(${limit} bytes)`));
  });

  it('waits while its client is too far behind, and no longer than its timeout', () => {
    const port = { credit: new Int32Array(new SharedArrayBuffer(8)), send: () => expect.unreachable() };
    const inThread = toInThread(streaming({ chunks: ['one'] }), { settings: { timeoutMs: 50 } });
    expect(inThread.invokeText('{}', undefined, port)).toMatchObject({ kind: 'timed-out', cause: 'deadline' });
  });

  it('keeps what it sent when it fails afterwards', () => {
    const { outcome, chunks } = stream(toInThread(streaming({ chunks: ['one'], ends: 'trap' })));
    expect(chunks).toEqual([['bytes', 'one']]);
    expect(outcome).toMatchObject(failedWith('Runtime.ExitError'));
  });

  it.each([
    ['of AssemblyScript', () => compileAssemblyScript(ASSEMBLYSCRIPT)],
    ['that is a WASI command', async () => assemble(COMMAND)],
  ])('may be one %s', async (_, make) => {
    const inThread = toInThread(await make());
    expect(stream(inThread).chunks).toEqual([
      ['bytes', 'one'],
      ['bytes', 'two'],
    ]);
    expect(textOf(inThread.invoke())).toBe('onetwo');
  });
});

describe('a guest that does not stream', () => {
  it('answers as ever when its caller wants a stream', () => {
    const { outcome, chunks } = stream(toInThread(guest('echo')), '"hello"');
    expect([textOf(outcome), chunks]).toEqual(['"hello"', []]);
  });
});

describe('a streaming call that cannot be', () => {
  /** Answers what a call says, as one digit: 0, or 9 for -1. */
  const answerOf = (call: string, before = ''): string => {
    const { outcome, chunks } = stream(
      toInThread(
        assemble(`(module
          (import "isola" "stream_write" (func $write (param i32 i32) (result i32)))
          (import "isola" "stream_http" (func $http (param i32 i32) (result i32)))
          (memory (export "memory") 1)
          (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
          (func (export "handler") (param i32 i32) (result i64) ${before}
            (i32.store8 (i32.const 0) (i32.add (i32.const 48) (i32.and (i32.const 9) ${call})))
            (i64.const 1)))`),
      ),
    );
    return chunks.length === 0 ? textOf(outcome) : 'streamed';
  };

  it.each([
    ['out of the memory', '(call $write (i32.const -1) (i32.const 1))'],
    ['longer than the memory', '(call $write (i32.const 0) (i32.const -1))'],
    ['a prelude out of the memory', '(call $http (i32.const 65535) (i32.const 2))'],
    ['a prelude that no client would take', '(call $http (i32.const 0) (i32.const 16385))'],
  ])('is an error value: %s', (_, call) => {
    expect(answerOf(call)).toBe('9');
  });

  it('is an error value: a prelude after the first chunk', () => {
    const write = '(drop (call $write (i32.const 0) (i32.const 1)))';
    const late = '(if (i32.eqz (call $http (i32.const 0) (i32.const 1))) (then unreachable))';
    expect(answerOf('(i32.const 0)', `${write} ${late}`)).toBe('streamed');
  });

  it('is an error value: while the guest initialises', () => {
    const { invoke } = toInThread(
      assemble(`(module
        (import "isola" "stream_write" (func $write (param i32 i32) (result i32)))
        (memory (export "memory") 1)
        (global $said (mut i32) (i32.const 0))
        (func $start (global.set $said (call $write (i32.const 0) (i32.const 1))))
        (start $start)
        (func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
        (func (export "handler") (param i32 i32) (result i64)
          (i32.store8 (i32.const 0) (i32.add (i32.const 58) (global.get $said)))
          (i64.const 1)))`),
    );
    expect(textOf(invoke())).toBe('9');
  });
});

const ASSEMBLYSCRIPT = `
  @external("isola", "stream_write") declare function write(ptr: usize, len: i32): i32;
  function say(text: string): void {
    const bytes = String.UTF8.encode(text);
    write(changetype<usize>(bytes), bytes.byteLength);
  }
  export function handler(event: string): string {
    say("one");
    say("two");
    return "returned";
  }`;

const COMMAND = `(module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1)
  (data (i32.const 0) "\\10\\00\\00\\00\\03\\00\\00\\00\\13\\00\\00\\00\\03\\00\\00\\00onetwo")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 32)))
    (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 32)))))`;
