import { execFileSync } from 'node:child_process';

/** Whether the engine of this process reads branch hints, which benches ask it to: one that knows the flag names it in its help. */
export function branchHinting(): 'on' | 'off' {
  const help = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8', maxBuffer: 1 << 24 });
  return /--(?:experimental-)?wasm-branch-hinting/.test(help) ? 'on' : 'off';
}
