import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LambdaError } from '../../runtime/contract/errors.ts';
import { parseFunctionName, parseReference, toFunctionArn } from '../../runtime/registry/function-name.ts';
import { SCOPE } from './fixture.ts';

const word = (max: number) => fc.stringMatching(/^[a-zA-Z0-9-_]+$/).filter((text) => text.length <= max);
/** Names that are no region and no account, which Lambda's pattern would take for one. */
const name = word(60).filter((text) => !/^(\d{12}|function|[a-z]{2}(-[a-z]+)+-\d+)$/.test(text));
const qualifier = fc.option(fc.oneof(word(30), fc.constant('$LATEST')), { nil: undefined });

describe('function names', () => {
  it('mean the same function in every form', () => {
    fc.assert(
      fc.property(name, qualifier, (text, version) => {
        const key = { ...SCOPE, name: text };
        const suffix = version === undefined ? '' : `:${version}`;
        const expected = version === undefined ? { key } : { key, qualifier: version };
        for (const form of [text, `${SCOPE.accountId}:function:${text}`, toFunctionArn(key)]) {
          expect(parseReference(SCOPE, form + suffix)).toEqual(expected);
          if (version !== undefined) expect(parseReference(SCOPE, form, version)).toEqual(expected);
        }
      }),
    );
  });

  it('are parsed or refused with a LambdaError, whatever the text', () => {
    const part = fc.constantFrom(
      ':',
      'arn',
      'aws',
      'lambda',
      'function',
      'us-east-1',
      '000000000000',
      '$LATEST',
      'f',
      '/',
      '\n',
      '..',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(part).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.option(text, { nil: undefined }), (reference, given) => {
        try {
          const { key } = parseReference(SCOPE, reference, given);
          expect(key.name).toMatch(/^[a-zA-Z0-9-_]+$/);
        } catch (error) {
          expect(error).toBeInstanceOf(LambdaError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it.each(['', 'a b', 'a:b:c', 'f\n', 'a/b', '../f', 'x'.repeat(141), 'arn:aws:s3:us-east-1:000000000000:function:f'])(
    'do not include %j',
    (text) => {
      expect(parseFunctionName(text)).toBeUndefined();
      expect(() => parseReference(SCOPE, text)).toThrow("at 'functionName' failed to satisfy constraint");
    },
  );

  it('of another account are not found here', () => {
    const arn = 'arn:aws:lambda:us-east-1:111111111111:function:f';
    expect(() => parseReference(SCOPE, arn)).toThrow(`Function not found: ${arn}`);
  });

  it('report an unusable name and qualifier together', () => {
    expect(() => parseReference(SCOPE, 'a b', '!')).toThrow('2 validation errors detected: ');
  });
});
