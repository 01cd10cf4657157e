import { QUERY_BYTES, type QueryOperation, type QueryService } from '../query/query-operation.ts';

/** Anyone who can sign may ask who they are. */
const getCallerIdentity: QueryOperation = {
  name: 'GetCallerIdentity',
  handle: ({ caller: { principal, scope } }) => {
    const { accountId } = scope;
    if (principal.kind === 'user') return { Arn: principal.arn, UserId: principal.userId, Account: accountId };
    return { Arn: `arn:aws:iam::${accountId}:root`, UserId: accountId, Account: accountId };
  },
};

export const STS: QueryService = {
  name: 'sts',
  version: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  bodyBytes: QUERY_BYTES,
  operations: [getCallerIdentity],
};
