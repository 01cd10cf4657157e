import type { Invocation } from '../contract/invocation.ts';
import { type Ran, toFailureLine, toInvocationLog } from '../events/platform-log.ts';
import { toReportRecord } from '../events/platform-record.ts';

/** The process's own log in one form. Every function returns whole lines. */
export interface LogFormat {
  invocation(invocation: Invocation, outcome: Ran, endedAt: number): string;
  notice(level: 'info' | 'warn' | 'error', message: string, at: number): string;
}

/** For people: Lambda's text lines, each behind its function's name. */
export const textFormat: LogFormat = {
  invocation(invocation, outcome, endedAt) {
    const prefix = `[${invocation.target.name}] `;
    return toInvocationLog(invocation, outcome, endedAt)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => `${prefix}${escapeControls(line)}\n`)
      .join('');
  },
  notice: (level, message, at) => `${new Date(at).toISOString()} ${level} ${escapeControls(message)}\n`,
};

/** For collectors: one JSON object per line, Lambda's LogFormat JSON with the function's name and ARN beside it. */
export const jsonFormat: LogFormat = {
  invocation(invocation, outcome, endedAt) {
    const { requestId, target } = invocation;
    const line = (time: string, type: string, record: unknown): string =>
      `${JSON.stringify({ time, type, functionName: target.name, functionArn: target.arn, record })}\n`;
    const time = new Date(endedAt).toISOString();
    const started = new Date(invocation.receivedAt + outcome.report.queueMs).toISOString();
    const messages = `${outcome.log}\n${toFailureLine(invocation, outcome, endedAt)}`.split('\n');
    return [
      line(started, 'platform.start', { requestId, version: target.version }),
      ...messages.filter((text) => text !== '').map((text) => line(time, 'function', { requestId, message: text })),
      line(time, 'platform.report', toReportRecord(invocation, outcome)),
    ].join('');
  },
  notice: (level, message, at) => `${JSON.stringify({ time: new Date(at).toISOString(), level, message })}\n`,
};

/** A guest's escape sequences must not steer the terminal of whoever reads the log. */
function escapeControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is to be shown
  return text.replace(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g, (character) => {
    return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
}
