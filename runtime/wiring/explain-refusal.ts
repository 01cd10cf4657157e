import type { Authorizer, Principal } from '../contract/authorizer.ts';
import type { Sender } from '../contract/delivery.ts';
import type { PolicyDocument } from '../contract/policy-document.ts';

/** Why a delivery is not allowed, undefined when it is. The authorizer is ready. */
export function explainRefusal(
  authorizer: Pick<Authorizer, 'judge'>,
  sender: Sender,
  { action, resource }: { readonly action: string; readonly resource: string },
  policy: PolicyDocument | undefined,
): string | undefined {
  const accountOf = (arn: string): string => arn.split(':')[4] ?? '';
  if (sender.kind === 'role') {
    const principal: Principal = { ...sender, accountId: accountOf(sender.arn) };
    const { decision } = authorizer.judge({ principal, action, resource }, policy);
    return decision === 'allowed' ? undefined : `the role ${sender.arn} does not allow ${action} on it.`;
  }
  const { name, sourceArn, sourceAccount = accountOf(sourceArn) } = sender;
  const context = { 'aws:SourceArn': sourceArn, 'aws:SourceAccount': sourceAccount };
  const { decision } = authorizer.judge({ principal: { kind: 'service', name }, action, resource, context }, policy);
  return decision === 'allowed' ? undefined : `its policy does not allow ${name} ${action} for ${sourceArn}.`;
}
