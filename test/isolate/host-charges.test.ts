import { expect, it } from 'vitest';
import { abiImports } from '../../runtime/isolate/abi/index.ts';
import { withModule } from '../../runtime/isolate/function-types.ts';
import { ISOLA_IMPORTS } from '../../runtime/isolate/host/isola.ts';
import { toInThread } from '../support/in-thread.ts';
import { assemble } from '../support/wat.ts';

/** The least that a host call may cost. */
const LEAST_FUEL = 100;
const TYPES: Readonly<Record<string, string>> = { i: 'i32', I: 'i64', f: 'f32', F: 'f64' };

/** Fuel of a guest that calls an import with zeros for an event, and of the same guest that does not. */
function fuelOf(path: string, signature: string): { readonly calling: number; readonly not: number } {
  const [module, ...rest] = path.split('.');
  const [params, results] = signature.split(':').map((letters) => [...letters].map((letter) => TYPES[letter])) as [
    string[],
    string[],
  ];
  const call = `(call $host ${params.map((type) => `(${type}.const 0)`).join(' ')})`;
  const exports =
    module === 'env'
      ? `(func (export "__new") (param i32 i32) (result i32) (i32.const 1024))
         (func (export "__pin") (param i32) (result i32) (local.get 0)) (func (export "__unpin") (param i32))
         (func (export "handler") (param i32) (result i32) (call $maybe) (i32.const 1024))`
      : `(func (export "isola_alloc") (param i32) (result i32) (i32.const 1024))
         (func (export "handler") (param i32 i32) (result i64) (call $maybe) (i64.const 0))`;
  const wat = (body: string): string => `(module
    (import "${module}" "${rest.join('.')}" (func $host (param ${params.join(' ')}) (result ${results.join(' ')})))
    (memory (export "memory") 1)
    (func $maybe ${body}) ${exports})`;
  const burn = (body: string): number => {
    const outcome = toInThread(assemble(wat(body))).invoke();
    return 'report' in outcome ? outcome.report.fuel : Number.NaN;
  };
  return { calling: burn(results.length > 0 ? `(drop ${call})` : call), not: burn('') };
}

const all = [...withModule('isola', ISOLA_IMPORTS), ...abiImports('buffer'), ...abiImports('assemblyscript')];

it.each(all)('%s costs the guest fuel', (path, signature) => {
  const { calling, not } = fuelOf(path, signature);
  expect(calling - not).toBeGreaterThanOrEqual(LEAST_FUEL);
});
