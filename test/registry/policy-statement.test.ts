import { describe, expect, it } from 'vitest';
import { createStatement, type Grant } from '../../runtime/registry/policy-statement.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const GRANT: Grant = { statementId: 's3', action: 'lambda:InvokeFunction', principal: 's3.amazonaws.com' };

const statementOf = (grant: Partial<Grant>) => createStatement({ ...GRANT, ...grant }, ARN);

describe('a statement', () => {
  it('has members in the order in which Lambda writes them', () => {
    const statement = statementOf({ sourceArn: 'arn:aws:s3:::photos', sourceAccount: '000000000000' });
    expect(JSON.stringify(statement)).toBe(
      `{"Sid":"s3","Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"${ARN}","Condition":{"StringEquals":{"AWS:SourceAccount":"000000000000"},"ArnLike":{"AWS:SourceArn":"arn:aws:s3:::photos"}}}`,
    );
  });

  it.each<[Partial<Grant>, unknown]>([
    [{ principal: '*' }, '*'],
    [{ principal: 'events.amazonaws.com' }, { Service: 'events.amazonaws.com' }],
    [{ principal: 'alexa-appkit.amazon.com' }, { Service: 'alexa-appkit.amazon.com' }],
    [{ principal: '123456789012' }, { AWS: 'arn:aws:iam::123456789012:root' }],
    [{ principal: 'arn:aws:iam::123456789012:root' }, { AWS: 'arn:aws:iam::123456789012:root' }],
    [{ principal: 'arn:aws:iam::123456789012:role/a/b' }, { AWS: 'arn:aws:iam::123456789012:role/a/b' }],
    [{ principal: 'arn:aws:iam::123456789012:user/jo@x' }, { AWS: 'arn:aws:iam::123456789012:user/jo@x' }],
    [
      { principal: 'arn:aws:sts::123456789012:assumed-role/r/session' },
      { AWS: 'arn:aws:sts::123456789012:assumed-role/r/session' },
    ],
  ])('reads %j as a principal', (grant, principal) => {
    expect(statementOf(grant).Principal).toEqual(principal);
  });

  it.each<[Partial<Grant>, unknown]>([
    [{}, undefined],
    [{ principalOrgId: 'o-abcdefghij' }, { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } }],
    [{ eventSourceToken: 'a.b-c_d' }, { StringEquals: { 'lambda:EventSourceToken': 'a.b-c_d' } }],
    [{ invokedViaFunctionUrl: true }, { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }],
    [{ invokedViaFunctionUrl: false }, { Bool: { 'lambda:InvokedViaFunctionUrl': 'false' } }],
    [
      { action: 'lambda:InvokeFunctionUrl', functionUrlAuthType: 'NONE' },
      { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
    ],
  ])('turns %j into conditions', (grant, condition) => {
    expect(statementOf(grant).Condition).toEqual(condition);
  });

  it.each(['invalid.nonaws.com', '', '12345', 'arn:aws:iam::1:root', 'arn:aws:s3:::b', 'AMAZONAWS.COM', 'x:y'])(
    'refuses the principal %j',
    (principal) => {
      const error = principal === '' ? 'ValidationException' : 'InvalidParameterValueException';
      expect(() => statementOf({ principal })).toThrow(expect.objectContaining({ code: error }));
    },
  );

  it.each<[Partial<Grant>, string]>([
    [
      { statementId: 'example.com' },
      "1 validation error detected: Value 'example.com' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)",
    ],
    [{ statementId: 'a'.repeat(101) }, 'Member must have length less than or equal to 100'],
    [{ statementId: '' }, "at 'statementId'"],
    [{ action: 's3:GetObject' }, "at 'action'"],
    [{ action: 'lambda:Invoke*' }, "at 'action'"],
    [{ principal: 'a b' }, "at 'principal'"],
    [{ sourceArn: 'photos' }, "at 'sourceArn'"],
    [{ sourceArn: 'arn:aws:s3:::a\nb' }, "at 'sourceArn'"],
    [{ sourceAccount: '1' }, "at 'sourceAccount'"],
    [{ eventSourceToken: 'a b' }, "at 'eventSourceToken'"],
    [{ eventSourceToken: 'a'.repeat(257) }, "at 'eventSourceToken'"],
    [{ principalOrgId: 'acme' }, "at 'principalOrgID'"],
    [{ functionUrlAuthType: 'NONE' }, 'FunctionUrlAuthType is only supported'],
    [{ action: 'lambda:*', invokedViaFunctionUrl: true }, 'InvokedViaFunctionUrl is only supported'],
  ])('refuses %j', (grant, message) => {
    expect(() => statementOf(grant)).toThrow(message);
  });
});
