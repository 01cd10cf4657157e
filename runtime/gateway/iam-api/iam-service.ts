import { QUERY_BYTES, type QueryService } from '../query/query-operation.ts';
import { HOLDER_POLICY_OPERATIONS } from './holder-policies.ts';
import { POLICY_OPERATIONS } from './policies.ts';
import { ROLE_OPERATIONS } from './roles.ts';
import { TAG_OPERATIONS } from './tags.ts';
import { USER_OPERATIONS } from './users.ts';

/** What of IAM the work with functions needs. */
export const IAM: QueryService = {
  name: 'iam',
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  bodyBytes: QUERY_BYTES,
  operations: [
    ...ROLE_OPERATIONS,
    ...USER_OPERATIONS,
    ...HOLDER_POLICY_OPERATIONS,
    ...POLICY_OPERATIONS,
    ...TAG_OPERATIONS,
  ],
};
