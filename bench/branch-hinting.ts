import { execFileSync } from 'node:child_process';

/**
 * Whether the engine of this process reads branch hints. V8 prints a flag with its default, or with what the command
 * line made of it; an engine that does not know the flag has none.
 */
export function branchHinting(): 'on' | 'off' {
  const help = execFileSync(process.execPath, [...process.execArgv, '--v8-options'], {
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  });
  const value = /--(?:experimental-)?wasm-branch-hinting[^\n]*\n\s+type: bool\s+default: (\S+)/.exec(help)?.[1];
  return value === undefined || value === 'false' || value.startsWith('--no') ? 'off' : 'on';
}
