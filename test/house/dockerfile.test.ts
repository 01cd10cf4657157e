import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What is wrong with an image, judged by its last stage. */
function findings(dockerfile: string): readonly string[] {
  const stages = dockerfile.split(/^FROM /m).slice(1);
  const last = stages.at(-1) ?? '';
  const user = [...last.matchAll(/^USER (\S+)/gm)].at(-1)?.[1];
  return [
    ...(stages.length < 2 ? ['it is built and run in one stage'] : []),
    ...(user === undefined || /^(root|0)(:|$)/.test(user) ? ['it runs as root'] : []),
    ...(/^HEALTHCHECK [^\n]*(\\\n[^\n]*)*\/healthz/m.test(last) ? [] : ['nobody looks at its health']),
    ...(/^VOLUME /m.test(last) ? [] : ['its data does not outlive it']),
    ...(/ISOLA_AUTH=off/.test(dockerfile) ? ['it listens to everyone without signatures'] : []),
    ...(/\b(apt-get|apk|npm (ci|install)|clang|gcc)\b/.test(last) ? ['build tools are in what runs'] : []),
    ...(/^(CMD|ENTRYPOINT) \[/m.test(last) ? [] : ['signals do not reach it']),
  ];
}

describe('the image', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');

  it('is small, safe and looked after', () => {
    expect(findings(dockerfile)).toEqual([]);
  });

  it.each([
    ['it runs as root', dockerfile.replace(/^USER node$/m, 'USER root')],
    ['it runs as root', dockerfile.replace(/^USER node$/m, '')],
    ['nobody looks at its health', dockerfile.replace('/healthz', '/')],
    ['its data does not outlive it', dockerfile.replace('VOLUME', '# VOLUME')],
    ['it listens to everyone without signatures', `${dockerfile}ENV ISOLA_AUTH=off\n`],
    ['build tools are in what runs', `${dockerfile}RUN apt-get install clang\n`],
    ['signals do not reach it', dockerfile.replace(/^(CMD|ENTRYPOINT) .*$/gm, 'CMD npm start')],
    ['it is built and run in one stage', dockerfile.slice(dockerfile.lastIndexOf('FROM '))],
  ])('is refused when %s', (finding, changed) => {
    expect(findings(changed)).toContain(finding);
  });
});
