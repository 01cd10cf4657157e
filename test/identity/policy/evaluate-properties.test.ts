import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyStatement } from '../../../runtime/contract/policy-document.ts';
import { MalformedPolicy } from '../../../runtime/identity/policy/malformed-policy.ts';
import { parsePolicy } from '../../../runtime/identity/policy/parse-policy.ts';
import { fits, matches, toPattern } from '../../../runtime/identity/policy/wildcards.ts';
import { ask, policyOf } from './question.ts';

const word = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 6 });
const action = word.map((text) => `s:${text}`);
const resource = word.map((text) => `arn:aws:s:r:a:${text}`);
const statement: fc.Arbitrary<PolicyStatement> = fc.record({
  Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
  Action: fc.oneof(action, fc.array(action, { minLength: 1, maxLength: 3 })),
  Resource: fc.oneof(resource, fc.constant('*')),
});
const question = fc.record({ action, resource });

/** Wildcards as a regular expression, which our own matching is held against. */
function asExpression(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^]*')
    .replaceAll('?', '[^]');
  return new RegExp(`^${source}$`);
}

describe('policies', () => {
  it('match wildcards as a regular expression would', () => {
    fc.assert(
      fc.property(word, word, (pattern, text) => {
        expect(matches(toPattern(pattern), text)).toBe(asExpression(pattern).test(text));
        expect(fits(pattern, text)).toBe(asExpression(pattern).test(text));
        expect(fits(pattern, text, 'segment')).toBe(matches(toPattern(pattern), text, 'segment'));
      }),
      { numRuns: 3000 },
    );
  });

  it('reach no further within segments than without', () => {
    fc.assert(
      fc.property(word, word, (pattern, text) => {
        if (matches(toPattern(pattern), text, 'segment')) expect(matches(toPattern(pattern), text)).toBe(true);
      }),
    );
  });

  it('decide the same in any order, in one policy or in several', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 6 }), question, (statements, asked) => {
        const decision = ask([policyOf(...statements)], asked);
        expect(ask([policyOf(...statements.toReversed())], asked)).toBe(decision);
        expect(
          ask(
            statements.map((each) => policyOf(each)),
            asked,
          ),
        ).toBe(decision);
      }),
      { numRuns: 500 },
    );
  });

  it('cannot outvote a denial, and lose nothing by another allowance', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 6 }), statement, question, (statements, more, asked) => {
        const before = ask([policyOf(...statements)], asked);
        const after = ask([policyOf(...statements, more)], asked);
        if (before === 'denied') expect(after).toBe('denied');
        if (before === 'allowed' && more.Effect === 'Allow') expect(after).toBe('allowed');
        if (before === 'unmentioned' && more.Effect === 'Deny') expect(after).not.toBe('allowed');
      }),
      { numRuns: 500 },
    );
  });

  it('are refused as malformed, or parsed and asked: nothing else happens, whatever the bytes are', () => {
    const members = [
      'Version',
      'Statement',
      'Effect',
      'Action',
      'NotAction',
      'Resource',
      'Condition',
      'Sid',
      'Principal',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('Allow', 'Deny', '*', 's:a', '2012-10-17', 'arn:aws:s3:::b', 1, true, null),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...members, 'StringEquals', 'aws:Key', '__proto__'), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.constantFrom('identity' as const, 'resource' as const, 'trust' as const), (value, use) => {
        try {
          const policy = parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: value }), use);
          expect(ask([policy])).toMatch(/^(allowed|denied|unmentioned)$/);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedPolicy);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
