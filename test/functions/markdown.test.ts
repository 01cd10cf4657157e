import { describe, expect, it } from 'vitest';
import { callExample } from '../support/guest.ts';
import { type HttpAnswer, httpEvent } from '../support/http-event.ts';

async function render(source: string): Promise<string> {
  const answer = (await callExample('markdown', httpEvent('POST', '/', { body: source }))) as HttpAnswer;
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  return answer.body;
}

describe('markdown', () => {
  it('renders blocks', async () => {
    const source =
      '# One\ntext\nmore\n\n- a\n* b\n\n1. x\n12. y\n\n> said\n> twice\n\n```js\nif (a < b) {}\n```\n###### Six';
    expect(await render(source)).toBe(
      [
        '<h1>One</h1>',
        '<p>text\nmore</p>',
        '<ul>\n<li>a</li>\n<li>b</li>\n</ul>',
        '<ol>\n<li>x</li>\n<li>y</li>\n</ol>',
        '<blockquote><p>said\ntwice</p></blockquote>',
        '<pre><code>if (a &lt; b) {}\n</code></pre>',
        '<h6>Six</h6>\n',
      ].join('\n'),
    );
  });

  it('renders what stands within a line', async () => {
    expect(await render('a *b* **c *d*** `*e*` \\*f\\* [g **h**](/i?j=1&k "x)')).toContain('<em>b</em> <strong>c ');
    expect(await render('[g **h**](https://x.test/?a=1&b=2)')).toBe(
      '<p><a href="https://x.test/?a=1&amp;b=2" rel="nofollow">g <strong>h</strong></a></p>\n',
    );
    expect(await render('`*e*` \\*f\\*')).toBe('<p><code>*e*</code> *f*</p>\n');
  });

  it.each([
    '<script>alert(1)</script>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](\tjavascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](" onmouseover="alert(1))',
    '[x](\\javascript:alert(1))',
    '**<img src=x onerror=alert(1)>**',
    '`<b>`',
    '# <i>x',
    '- <svg onload=alert(1)>',
    '> <a>',
    '```\n</code></pre><script>\n```',
  ])('lets nothing of %j through', async (source) => {
    const html = await render(source);
    const tags = html.match(/<[^>]*>/g) ?? [];
    for (const tag of tags) {
      expect(tag).toMatch(/^<\/?(p|h1|ul|li|blockquote|pre|code|strong|em|a)>$|^<a href="[^"<>]*" rel="nofollow">$/);
      expect(tag).not.toMatch(/href="(?!(https?|mailto):|#)[^"]*:/i);
    }
  });

  it('takes any nesting', async () => {
    const html = await render(`${'*'.repeat(2000)}${'['.repeat(2000)}${'](x)'.repeat(500)}`);
    expect(html).toContain('<p>');
  });
});
