import { describe, expect, it } from 'vitest';
import { createLogGrant } from '../../runtime/identity/log-grant.ts';
import { HELLO } from '../gateway/fixture.ts';
import { ask, identityPolicy } from './policy/question.ts';

describe('the grant of a log', () => {
  const askedOf = (version: typeof HELLO): string => {
    const asked: string[] = [];
    const grant = createLogGrant({
      ready: () => undefined,
      mayRole: (role, action, resource) => asked.push(`${role} ${action} ${resource}`) > 0,
    });
    expect(grant(version)).toBe(true);
    return asked.join();
  };

  it('asks what the policies of tutorials answer', () => {
    const [role = '', action = '', resource = ''] = askedOf({
      ...HELLO,
      role: 'arn:role',
      logGroup: '/aws/lambda/hello',
    }).split(' ');
    expect([role, action]).toEqual(['arn:role', 'logs:PutLogEvents']);
    const says = (Resource: string) => ask([identityPolicy({ Action: 'logs:*', Resource })], { action, resource });
    expect(says('arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/hello:*')).toBe('allowed');
    expect(says('arn:aws:logs:*:*:*')).toBe('allowed');
    expect(says('arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/hello2:*')).toBe('unmentioned');
    expect(says('arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/hello:*')).toBe('unmentioned');
  });

  it('waits for roles that are still to be read', async () => {
    let isRead = false;
    const ready = async (): Promise<void> => {
      isRead = true;
    };
    const grant = createLogGrant({ ready, mayRole: () => isRead })(HELLO);
    expect(grant).toBeInstanceOf(Promise);
    expect(await grant).toBe(true);
  });
});
